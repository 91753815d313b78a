import { element } from './dom.js';
import { Launchers } from './launcher.js';
import { Panel } from './panel.js';
import { Portal } from './service.js';
import { sheets } from './style.js';
import { load } from './words.js';

/** @import { BootAnswer, BootOptions } from './types.js' */
/** @import { Words } from './words.js' */

const EARLY = 5 * 60_000;
const LONGEST_TIMER = 2 ** 31 - 1;

/** One booted component: everything that it put into the page, and how to take it away again. */
export class Component {
  #isShown = true;
  #isNoted = false;
  /** @type {ReturnType<typeof setTimeout>[]} */
  #timers = [];

  /** @param {BootOptions} options @param {Portal} portal @param {BootAnswer} answer @param {Words} words */
  constructor(options, portal, answer, words) {
    this.options = options;
    this.portal = portal;
    this.answer = answer;
    this.words = words;
    this.host = element('div', { 'data-cello': '', 'data-position': answer.look.position, 'data-theme': options.themeMode ?? 'auto' });
    const root = this.host.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = sheets(answer.look);
    this.panel = new Panel(root, answer, words, portal);
    this.launchers = new Launchers(root, options.customLauncherSelector ?? answer.look.launcherSelector ?? null, () => this.open());
    portal.onRefused = code => {
      if (code === 'tokenExpired') this.#expired();
    };
    this.#dress();
    this.#watch();
    document.body.append(this.host);
  }

  /** @param {BootOptions} options */
  static async boot(options) {
    const portal = new Portal(options.productId, options.token);
    const answer = await portal.boot(options, leftCode());
    return new Component(options, portal, answer, await load(answer.language));
  }

  open() {
    this.panel.open();
    remember(this.#seenKey, this.answer.news);
    this.#dress();
    if (!this.#isNoted) this.portal.note('opened');
    this.#isNoted = true;
  }

  /** @param {boolean} isShown */
  show(isShown) {
    this.#isShown = isShown;
    this.#dress();
  }

  /** @param {string} language */
  async changeLanguage(language) {
    this.words = await load(language);
    this.panel.speak(this.words);
    this.#dress();
  }

  /** @param {string} token */
  async updateToken(token) {
    const next = new Portal(this.options.productId, token);
    this.answer = await next.boot(this.options, null);
    this.portal.token = token;
    this.panel.renew(this.answer);
    this.#watch();
    this.#dress();
  }

  remove() {
    for (const timer of this.#timers) clearTimeout(timer);
    this.panel.close();
    this.launchers.remove();
    this.host.remove();
  }

  get #seenKey() {
    return `cello-seen:${this.options.productId}:${this.answer.ucc}`;
  }

  #dress() {
    const label = this.words.labels(this.answer.campaign).launcher;
    this.launchers.hasNews = this.answer.news !== null && this.answer.news !== remembered(this.#seenKey);
    this.launchers.name(label, this.words.say('open', { label }), this.words.say('news'));
    this.launchers.show(this.#isShown && this.answer.look.launcher && !this.options.hideDefaultLauncher);
  }

  /** Tells the page in time that the token ends. */
  #watch() {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    this.isOver = false;
    if (!this.answer.tokenExpiresAt) return;
    const left = new Date(this.answer.tokenExpiresAt).getTime() - Date.now();
    if (left - EARLY <= LONGEST_TIMER) this.#timers.push(setTimeout(() => this.options.onTokenExpiring?.(), Math.max(0, left - EARLY)));
    if (left <= LONGEST_TIMER) this.#timers.push(setTimeout(() => this.#expired(), Math.max(0, left)));
  }

  #expired() {
    if (this.isOver) return;
    this.isOver = true;
    this.options.onTokenExpired?.();
  }
}

/** What an invite link left in this page's cookies. */
function leftCode() {
  const value = document.cookie.split('; ').find(one => one.startsWith('cello-referral='))?.slice('cello-referral='.length);
  return value && /^[A-Za-z0-9]{4,32}$/.test(value) ? value : null;
}

/** @param {string} key @param {string | null} value */
function remember(key, value) {
  try {
    if (value !== null) localStorage.setItem(key, value);
  } catch {}   // where nothing may be kept, the dot comes back
}

/** @param {string} key */
function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
