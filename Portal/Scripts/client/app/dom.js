/** @typedef {Node | string | null | undefined | false} Child */

/**
 * An element with its attributes and children. Attributes that are functions are listeners; those that are false or null are left out.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name, /** @type {EventListener} */ (value));
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.filter(child => child !== null && child !== undefined && child !== false));
  return made;
}

/**
 * A drawing of one path, 20 by 20.
 * @param {string} path
 */
export function icon(path) {
  const space = 'http://www.w3.org/2000/svg';
  const drawing = document.createElementNS(space, 'svg');
  for (const [name, value] of Object.entries({ viewBox: '0 0 20 20', fill: 'none', stroke: 'currentColor', 'stroke-width': '1.6', 'stroke-linecap': 'round', 'stroke-linejoin': 'round', 'aria-hidden': 'true' })) drawing.setAttribute(name, value);
  const line = document.createElementNS(space, 'path');
  line.setAttribute('d', path);
  drawing.append(line);
  return drawing;
}

export const icons = {
  gift: 'M3.500 8.500h13v2.500h-13zM4.500 11v6h11v-6M10 8.500v8.500M10 8.500C6 8.500 5.500 4 8 4c1.500 0 2 2.500 2 4.500C10 6.500 10.500 4 12 4c2.500 0 2 4.500-2 4.500',
  close: 'M5 5l10 10M15 5L5 15',
};
