// @ts-check
/**
 * The new-user banner: says at the top of the page who invited the visitor and what that is worth. Loaded by cello-attribution.js where it is
 * switched on. It lives in a shadow root with a style sheet of its own, so that neither the page's styles nor a strict policy get in its way.
 *
 * @typedef {{ product: string | null, link: string | null, label: string | null }} Banner
 * @typedef {{ newUserDiscountPercentage: number | null, newUserDiscountMonth: number | null }} Campaign
 */

const closed = 'cello-banner-closed';

const texts = {
  en: {
    label: 'Invitation', close: 'Close', action: 'Sign up',
    /** @param {string | null} name @param {string | null} product */
    invited: (name, product) => (name ? `${name} invites you${product ? ` to ${product}` : ''}.` : `You are invited${product ? ` to ${product}` : ''}.`),
    /** @param {string} percent @param {number | null} months */
    discount: (percent, months) => `You get ${percent} off${months ? (months === 1 ? ' for the first month' : ` for ${months} months`) : ''}.`,
  },
  de: {
    label: 'Einladung', close: 'Schließen', action: 'Registrieren',
    /** @param {string | null} name @param {string | null} product */
    invited: (name, product) => (name ? `${name} lädt dich${product ? ` zu ${product}` : ''} ein.` : `Du bist${product ? ` zu ${product}` : ''} eingeladen.`),
    /** @param {string} percent @param {number | null} months */
    discount: (percent, months) => `Du bekommst ${percent} Rabatt${months ? (months === 1 ? ' im ersten Monat' : ` für ${months} Monate`) : ''}.`,
  },
};

const style = `
:host { all: initial; display: block; position: sticky; inset-block-start: 0; z-index: 2147483000; color-scheme: light dark; }
aside { display: flex; flex-wrap: wrap; align-items: center; justify-content: center; gap: .35rem 1rem; padding: .6rem 3.2rem .6rem 1rem; position: relative;
  font: 500 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: #16191f; background: #eef3ff; border-block-end: 1px solid #c3d2f5; }
p { margin: 0; max-inline-size: 70ch; overflow-wrap: anywhere; }
a { color: #fff; background: #2452c7; border-radius: 6px; padding: .3rem .9rem; text-decoration: none; font-weight: 600; }
a:hover { background: #1b3f9e; }
button { position: absolute; inset-inline-end: .6rem; inset-block-start: .45rem; inline-size: 2.2rem; block-size: 2.2rem; border: 0; border-radius: 6px; background: none; color: inherit; font: 22px/1 system-ui, sans-serif; cursor: pointer; }
button:hover { background: #d9e4fc; }
:focus-visible { outline: 2px solid #2452c7; outline-offset: 2px; }
@media (max-width: 600px) { aside { justify-content: flex-start; } }
@media (prefers-color-scheme: dark) {
  aside { color: #e8eaee; background: #1c2a4a; border-color: #33497d; }
  a { background: #8fb0ff; color: #0f1524; }
  a:hover { background: #b3c9ff; }
  button:hover { background: #2a3c68; }
  :focus-visible { outline-color: #8fb0ff; }
}`;

const wasClosed = () => {
  try {
    return sessionStorage.getItem(closed) !== null;
  } catch {
    return false;   // a page may not be allowed to keep anything
  }
};

const keepClosed = () => {
  try {
    sessionStorage.setItem(closed, '1');
  } catch {
    // then it is shown again on the next page
  }
};

/**
 * Shows the banner, unless the visitor closed it before.
 *
 * @param {Banner} banner @param {Campaign | null} campaign @param {string | null} name
 */
export const show = (banner, campaign, name) => {
  if (wasClosed()) return;
  const language = (document.documentElement.lang || navigator.language).slice(0, 2) === 'de' ? 'de' : 'en';
  const words = texts[language];
  const share = campaign?.newUserDiscountPercentage;
  const discount = share ? words.discount(new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 2 }).format(share), campaign.newUserDiscountMonth) : null;

  const host = document.createElement('cello-banner');
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [sheet];

  const aside = document.createElement('aside');
  aside.setAttribute('aria-label', words.label);
  aside.lang = language;
  const text = document.createElement('p');
  text.textContent = [words.invited(name, banner.product), discount].filter(Boolean).join(' ');
  aside.append(text);
  if (banner.link) {
    const action = document.createElement('a');
    action.href = banner.link;
    action.textContent = banner.label || words.action;
    aside.append(action);
  }
  const close = document.createElement('button');
  close.type = 'button';
  close.textContent = '×';
  close.setAttribute('aria-label', words.close);
  close.addEventListener('click', () => {
    keepClosed();
    host.remove();
  });
  aside.append(close);
  root.append(aside);
  document.body.prepend(host);
};
