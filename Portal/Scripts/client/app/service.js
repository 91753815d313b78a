/** @import { BootAnswer, BootOptions, PayoutDetails, Rewards, Service } from './types.js' */

/** Where the portal is: these files came from there. */
const base = import.meta.url.split('/assets/')[0];

/** A refusal, with the portal's own word for the reason. */
export class CelloError extends Error {
  /** @param {string} message @param {string} code */
  constructor(message, code) {
    super(message);
    this.name = 'CelloError';
    this.code = code;
  }
}

/** Speaks with the portal that these files came from, and with nobody else. @implements {Service} */
export class Portal {
  /** @param {string} productId @param {string} token */
  constructor(productId, token) {
    this.token = token;
    this.base = `${base}/component/${encodeURIComponent(productId)}/`;
    /** Called with the reason when the token is not taken any more. @type {(code: string) => void} */
    this.onRefused = () => {};
  }

  /** @param {BootOptions} options @param {string | null} ucc @returns {Promise<BootAnswer>} */
  boot(options, ucc) {
    const { productUserDetails, country, language } = options;
    return this.#call('POST', 'boot', { productUserDetails, country, language, ...ucc && { referral: { ucc } } });
  }

  /** @param {string | null} cursor @returns {Promise<Rewards>} */
  rewards(cursor) {
    return this.#call('GET', `rewards?limit=10${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
  }

  /** @returns {Promise<PayoutDetails>} */
  payoutDetails() {
    return this.#call('GET', 'payout-details');
  }

  /** @param {string} method @param {string} account @returns {Promise<PayoutDetails>} */
  savePayoutDetails(method, account) {
    return this.#call('PUT', 'payout-details', { method, account });
  }

  /** @param {string} ucc */
  qr(ucc) {
    return `${base}/r/${ucc}/qr.svg`;
  }

  /** @param {'opened' | 'shared'} activity @param {string} [channel] */
  note(activity, channel) {
    this.#call('POST', 'activity', { activity, channel }).catch(() => {});   // nobody's work depends on it
  }

  /** @param {string} method @param {string} path @param {object} [body] @returns {Promise<any>} */
  async #call(method, path, body) {
    let answer;
    try {
      answer = await fetch(this.base + path, {
        method, credentials: 'omit', cache: 'no-store', keepalive: method === 'POST',
        headers: { Authorization: `Bearer ${this.token}`, ...body && { 'Content-Type': 'application/json' } },
        ...body && { body: JSON.stringify(body) },
      });
    } catch {
      throw new CelloError('The referral service cannot be reached. Does the page\'s Content-Security-Policy allow it in connect-src?', 'unreachable');
    }
    if (answer.status === 204) return undefined;
    const content = await answer.json().catch(() => null);
    if (answer.ok) return content;
    const code = content?.title ?? `status${answer.status}`;
    if (answer.status === 401) this.onRefused(code);
    throw new CelloError(content?.detail ?? `The referral service answered with status ${answer.status}.`, code);
  }
}
