// The referral component. Embed it as a module, and queue what it is to do:
//   <script type="module" src="https://portal.example.com/assets/app/latest/cello.js"></script>
//   window.cello = window.cello || { cmd: [] };
//   window.cello.cmd.push(async cello => { await cello.boot({ productId, token, … }); });
import { Component } from './component.js';
import { CelloError } from './service.js';

/** @import { BootOptions, Campaign, Labels } from './types.js' */

/** @typedef {(cello: typeof commands) => unknown} Command */

/** @type {Component | null} */
let current = null;
let boots = 0;

const commands = {
  /**
   * Starts the component for a user. Rejects, and says in the console why, where it cannot be started.
   * @param {BootOptions} options
   */
  async boot(options) {
    const turn = ++boots;
    remove();
    try {
      if (typeof options?.productId !== 'string' || !options.productId) throw new CelloError('boot needs productId, a string.', 'invalidOptions');
      if (typeof options.token !== 'string') throw new CelloError('User is not authorized: boot needs token, a string.', 'invalidOptions');
      const booted = await Component.boot(options);
      if (turn === boots) current = booted;
      else booted.remove();   // shut down, or booted again, meanwhile
    } catch (error) {
      throw complain(error);
    }
  },

  async open() {
    running().open();
  },

  async close() {
    running().panel.close();
  },

  async show() {
    running().show(true);
  },

  async hide() {
    running().show(false);
  },

  async showLauncher() {
    running().show(true);
  },

  async hideLauncher() {
    running().show(false);
  },

  /** @param {string} language ISO 639-1; English where there are no texts in it. */
  async changeLanguage(language) {
    await running().changeLanguage(String(language));
  },

  /** @param {string} token A new one, for the same user. */
  async updateToken(token) {
    const component = running();
    try {
      await component.updateToken(String(token));
    } catch (error) {
      throw complain(error);
    }
  },

  /** Takes everything away again, on logout. */
  async shutdown() {
    boots++;
    remove();
  },

  /** @returns {Promise<{ ucc: string, link: string }>} */
  async getActiveUcc() {
    const { ucc, link } = running().answer;
    return { ucc, link };
  },

  /** @returns {Promise<Campaign>} */
  async getCampaignConfig() {
    return { ...running().answer.campaign };
  },

  /** @returns {Promise<Labels>} */
  async getLabels() {
    const { words, answer } = running();
    return words.labels(answer.campaign);
  },
};

function running() {
  if (!current) throw new CelloError('The referral component is not booted.', 'notBooted');
  return current;
}

function remove() {
  current?.remove();
  current = null;
}

/** Says once, clearly, what is wrong. @param {unknown} error */
function complain(error) {
  console.error(`Cello: ${error instanceof Error ? error.message : error}`);
  if (error instanceof Error) told.add(error);
  return error;
}

/** What the console has said already. @type {WeakSet<Error>} */
const told = new WeakSet();

/** @param {Command} command */
async function run(command) {
  try {
    await command(commands);
  } catch (error) {
    if (!(error instanceof Error && told.has(error))) console.error('Cello: a queued command failed.', error);
  }
}

/** @param {string} command @param {...any} args */
function Cello(command, ...args) {
  const known = Object.hasOwn(commands, command) ? /** @type {Record<string, (...args: any[]) => Promise<unknown>>} */ (commands)[command] : undefined;
  return known ? known(...args) : Promise.reject(new CelloError(`There is no command ${command}.`, 'unknownCommand'));
}

const page = /** @type {{ cello?: { cmd?: unknown }, Cello?: unknown }} */ (/** @type {unknown} */ (window));
if (page.Cello) {
  console.warn('Cello: the script is loaded twice; the second is ignored.');
} else {
  const queued = /** @type {Command[]} */ (Array.isArray(page.cello?.cmd) ? page.cello.cmd : []);
  page.Cello = Cello;
  page.cello = { ...commands, cmd: { push: (/** @type {Command[]} */ ...more) => void more.forEach(run) } };
  queued.forEach(run);
}
