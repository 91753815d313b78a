// @ts-check
/**
 * Remembers on a product's own pages by whose invite link a visitor came, and tells it to forms and to whoever asks. docs/attribution.md
 * says how it is embedded and what each command does.
 *
 * @typedef {{ command: string, args?: unknown[], resolve?: (value: unknown) => void, reject?: (reason: unknown) => void }} Queued
 * @typedef {{ newUserDiscountPercentage: number | null, newUserDiscountMonth: number | null, primaryCurrency: string }} Campaign
 * @typedef {{ product: string | null, link: string | null, label: string | null }} Banner
 * @typedef {{ cookieDays: number, consent: string, banner: Banner | null, valid: boolean, campaign: Campaign | null }} Config
 * @typedef {{
 *   CelloAttribution?: (command: string, ...args: unknown[]) => Promise<unknown>, CelloAttributionCmd?: Queued[] | { push(queued: Queued): void },
 *   OnetrustActiveGroups?: string, Cookiebot?: { consent?: { marketing?: boolean } } }} Globals
 */

const page = /** @type {Window & Globals} */ (window);
const tag = [...document.scripts].find(script => script.src === import.meta.url);
const parameters = new URLSearchParams(location.search);
const names = { code: 'cello-referral', product: 'cello-product-id', consent: 'cello-cookie-consent' };

/** @param {string} name */
const readCookie = name => {
  const found = document.cookie.split('; ').find(cookie => cookie.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : null;
};

/** @param {string} name @param {string} value @param {number} days @param {string} domain */
const setCookie = (name, value, days, domain) => {
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${days * 86400}; samesite=lax`
    + (domain ? `; domain=${domain}` : '') + (location.protocol === 'https:' ? '; secure' : '');
};

/** The page's host and what is above it, widest first; the host alone, without a domain, at last. */
const domains = () => {
  const parts = location.hostname.split('.');
  const above = parts.length > 1 && !/^[\d.]+$|:/.test(location.hostname) ? parts.map((_, i) => parts.slice(-i - 1).join('.')) : [];
  return [...above, ''];
};

/** The widest domain for which the browser takes a cookie: none takes one for a whole public suffix such as co.uk. */
const widest = () => domains().find(domain => {
  setCookie('cello-probe', '1', 1, domain);
  const taken = readCookie('cello-probe') !== null;
  setCookie('cello-probe', '', 0, domain);
  return taken;
}) ?? '';

/** @param {string} name */
const removeCookie = name => domains().forEach(domain => setCookie(name, '', 0, domain));

/** @param {string | null} text */
const wellFormed = text => (text && /^[A-Za-z0-9]{4,32}$/.test(text) ? text : null);

const linkCode = wellFormed(parameters.get('ucc'));
const linkProduct = parameters.get('productId');
const productId = tag?.dataset.productId || linkProduct || readCookie(names.product);

/** The code of the link that led here, else of the last one that is remembered. */
const ucc = () => linkCode ?? wellFormed(readCookie(names.code));

/** The referrer's first name, if the link carries one and it is a name: whoever sends a link can write anything into it. */
const referrerName = () => {
  try {
    const bytes = Uint8Array.from(atob(parameters.get('celloN') ?? ''), character => character.charCodeAt(0));
    const name = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim();
    return /^\p{L}[\p{L}\p{M}'’ .-]{0,39}$/u.test(name) ? name : null;
  } catch {
    return null;
  }
};

/** What the portal says of product and code; without an id, or with one that it does not know, what holds by default. Null when it does not answer. */
const ask = async () => {
  /** @type {Config} */
  const byDefault = { cookieDays: 90, consent: 'none', banner: null, valid: false, campaign: null };
  if (!productId) return byDefault;
  const code = ucc();
  const portal = import.meta.url.slice(0, import.meta.url.indexOf('/assets/'));
  try {
    const answer = await fetch(`${portal}/attribution/${encodeURIComponent(productId)}/config${code ? `?ucc=${code}` : ''}`, { credentials: 'omit' });
    if (answer.status === 404) return linkCode === 'test' ? byDefault : null;   // a product that is not there set no consent
    return answer.ok ? /** @type {Config} */ (await answer.json()) : null;
  } catch {
    return null;
  }
};

const asked = ask();

/** Keeps the code that the link carries, in place of an earlier one. @param {Config} config */
const remember = config => {
  if (!linkCode) return;
  const domain = widest();
  setCookie(names.code, linkCode, config.cookieDays, domain);
  const product = linkProduct || productId;
  if (product) setCookie(names.product, product, config.cookieDays, domain);
};

const forget = () => [names.code, names.product].forEach(removeCookie);

/** What each consent mode takes for a yes; null where nothing was said yet. @type {Record<string, () => boolean | null>} */
const consents = {
  none: () => true,
  custom: () => readCookie(names.consent) === 'true' || null,
  oneTrust: () => {
    const group = tag?.dataset.consentGroup || 'C0004';
    if (page.OnetrustActiveGroups !== undefined) return page.OnetrustActiveGroups.split(',').includes(group);
    const groups = new URLSearchParams(readCookie('OptanonConsent') ?? '').get('groups');
    return groups === null ? null : groups.split(',').includes(`${group}:1`);
  },
  cookiebot: () => page.Cookiebot?.consent?.marketing ?? null,
};

/** Keeps or forgets, as the visitor has decided by now. @param {Config | null} config */
const obey = config => {
  if (!config) return;   // nobody knows whether the visitor must be asked
  const decided = (consents[config.consent] ?? (() => null))();
  if (decided) remember(config);
  else if (decided === false) forget();
};

const inputName = 'ucc';

/** Puts the code into a form, unless the form has a filled field of that name. @param {HTMLFormElement} form */
const fill = form => {
  const code = ucc();
  if (!code) return;
  const there = form.querySelector(`[name="${inputName}"]`);
  if (there instanceof HTMLInputElement && there.type === 'hidden' && !there.value) there.value = code;
  if (there) return;
  const input = document.createElement('input');
  input.type = 'hidden';
  input.name = inputName;
  input.value = code;
  form.append(input);
};

const fillAll = () => document.querySelectorAll('form:not([data-cello="off"])').forEach(form => fill(/** @type {HTMLFormElement} */ (form)));

/** @param {unknown} forms */
const attachTo = forms => {
  const list = forms instanceof HTMLFormElement ? [forms] : [.../** @type {Iterable<unknown>} */ (forms ?? [])];
  if (!list.length || !list.every(form => form instanceof HTMLFormElement)) throw new TypeError('CelloAttribution("attachTo", …) takes a form or a list of forms.');
  list.forEach(form => fill(/** @type {HTMLFormElement} */ (form)));
};

/** @type {Record<string, (...args: unknown[]) => unknown>} */
const commands = {
  getUcc: () => ucc(),
  getReferrerName: () => referrerName(),
  getCampaignConfig: async () => (await asked)?.campaign ?? null,
  attachTo,
  attachAll: () => {
    console.warn('CelloAttribution("attachAll") is not needed any more: forms are found by themselves.');
    fillAll();
  },
  allowCookies: async () => {
    const config = await asked;
    if (!config) throw new Error('CelloAttribution: the portal did not answer, so nothing can be remembered.');
    if (config.consent === 'custom') setCookie(names.consent, 'true', config.cookieDays, widest());
    remember(config);
  },
  deleteCookies: async () => {
    await asked;   // or what is remembered at load would come after
    Object.values(names).forEach(removeCookie);
  },
  getReferral: () => {
    throw new Error('CelloAttribution("getReferral") is not supported; use "getUcc".');
  },
};

/** @param {string} command @param {unknown[]} args */
const run = async (command, ...args) => {
  if (!Object.hasOwn(commands, command)) throw new Error(`CelloAttribution knows no command "${command}". It knows ${Object.keys(commands).slice(0, -1).join(', ')}.`);
  return commands[command](...args);
};

/** @param {Queued} queued */
const take = ({ command, args = [], resolve, reject }) => run(command, ...args).then(resolve, reject ?? (reason => console.error(reason)));

const waiting = Array.isArray(page.CelloAttributionCmd) ? page.CelloAttributionCmd : [];
page.CelloAttribution = run;
page.CelloAttributionCmd = { push: take };
waiting.forEach(take);

if (ucc()) {
  fillAll();
  new MutationObserver(fillAll).observe(document.documentElement, { childList: true, subtree: true });
}

asked.then(async config => {
  obey(config);
  for (const event of ['OneTrustGroupsUpdated', 'CookiebotOnAccept', 'CookiebotOnDecline', 'CookiebotOnConsentReady']) addEventListener(event, () => obey(config));
  if (!config?.banner || !config.valid) return;
  const { show } = await import('./cello-banner.js');
  show(config.banner, config.campaign, referrerName());
});
