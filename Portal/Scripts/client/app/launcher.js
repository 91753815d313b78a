import { element, icon, icons } from './dom.js';
import { sheetOf } from './style.js';

const DOT = 'data-cello-dot';

/** The product's own launchers, and ours; each opens the panel, and carries a dot while there is news. */
export class Launchers {
  /**
   * @param {ParentNode} root Where our own button goes.
   * @param {string | null} selector Of the product's own.
   * @param {() => void} open
   */
  constructor(root, selector, open) {
    this.selector = selector;
    this.open = open;
    this.hasNews = false;
    this.label = '';
    this.dotLabel = '';
    this.button = element('button', { type: 'button', class: 'launcher', 'aria-haspopup': 'dialog', hidden: true, click: () => open() });
    root.append(this.button);
    this.ending = new AbortController();
    if (!selector) return;
    try {
      document.querySelector(selector);
    } catch {
      console.warn(`Cello: '${selector}' is no CSS selector; the page's own launchers are not followed.`);
      this.selector = null;
      return;
    }
    document.addEventListener('click', event => this.#press(event), { capture: true, signal: this.ending.signal });
    document.addEventListener('keydown', event => this.#key(event), { signal: this.ending.signal });
    // What appears later is a launcher too; one that was drawn anew has lost its dot.
    this.observer = new MutationObserver(() => this.#dress());
    this.observer.observe(document.documentElement, { childList: true, subtree: true });
    this.#dress();
  }

  /** @param {boolean} isShown */
  show(isShown) {
    this.button.hidden = !isShown;
  }

  /** @param {string} label @param {string} openLabel @param {string} dotLabel */
  name(label, openLabel, dotLabel) {
    [this.label, this.dotLabel] = [label, dotLabel];
    this.button.setAttribute('aria-label', this.hasNews ? `${openLabel}. ${dotLabel}` : openLabel);
    this.button.replaceChildren(icon(icons.gift), element('span', { class: 'launcher-label' }, label), this.hasNews ? element('span', { class: 'dot' }) : '');
    this.#dress();
  }

  remove() {
    this.ending.abort();
    this.observer?.disconnect();
    this.button.remove();
    for (const dot of document.querySelectorAll(`[${DOT}]`)) dot.remove();
  }

  #own() {
    return this.selector ? [...document.querySelectorAll(this.selector)].filter(found => found instanceof HTMLElement) : [];
  }

  #dress() {
    for (const launcher of this.#own()) {
      if (!launcher.hasAttribute('aria-haspopup')) launcher.setAttribute('aria-haspopup', 'dialog');
      if (!launcher.matches('a[href], button, input, summary, [tabindex]')) {
        launcher.tabIndex = 0;
        if (!launcher.hasAttribute('role')) launcher.setAttribute('role', 'button');
      }
      const there = launcher.querySelector(`:scope > [${DOT}]`);
      const isWanted = this.hasNews && launcher.dataset.celloBadge !== 'false';
      if (isWanted && !there) launcher.append(this.#dot(launcher));
      else if (!isWanted) there?.remove();
    }
  }

  /** @param {HTMLElement} launcher */
  #dot(launcher) {
    if (getComputedStyle(launcher).position === 'static') launcher.style.position = 'relative';
    const dot = element('span', { [DOT]: '' });
    const root = dot.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheetOf(':host { all: initial !important; position: absolute !important; inset-block-start: -4px !important; inset-inline-end: -4px !important; pointer-events: none !important; } i { display: block; inline-size: 10px; block-size: 10px; border-radius: 50%; background: #d6263b; box-shadow: 0 0 0 2px #fff; } span { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }')];
    root.append(element('i'), element('span', {}, this.dotLabel));
    return dot;
  }

  /** @param {Event} event */
  #pressed(event) {
    return event.composedPath().some(node => node instanceof Element && this.selector && node.matches(this.selector));
  }

  /** @param {MouseEvent} event */
  #press(event) {
    if (!this.#pressed(event)) return;
    event.preventDefault();
    this.open();
  }

  /** What is no button by itself does not turn keys into clicks. @param {KeyboardEvent} event */
  #key(event) {
    if ((event.key !== 'Enter' && event.key !== ' ') || !this.#pressed(event) || !(event.target instanceof HTMLElement) || event.target.matches('a[href], button, input, summary, textarea, select')) return;
    event.preventDefault();
    this.open();
  }
}
