import { element, icon, icons } from './dom.js';
import { how } from './how.js';
import { invite } from './invite.js';
import { rewards } from './rewards.js';

/** @import { BootAnswer, Service, View } from './types.js' */
/** @import { Words } from './words.js' */

/** @type {{ name: string, label: string, draw: (view: View) => HTMLElement }[]} */
const TABS = [
  { name: 'invite', label: 'tabInvite', draw: invite },
  { name: 'rewards', label: 'tabRewards', draw: rewards },
  { name: 'how', label: 'tabHow', draw: how },
];

const REACHABLE = 'a[href], button:not([disabled]), input:not([disabled]), select, textarea, [tabindex="0"]';

/** What opens: a dialog with three tabs. */
export class Panel {
  /** @param {ParentNode} root @param {BootAnswer} answer @param {Words} words @param {Service} service */
  constructor(root, answer, words, service) {
    this.answer = answer;
    this.words = words;
    this.service = service;
    this.shown = 'invite';
    this.status = element('div', { class: 'unseen', role: 'status' });
    this.dialog = element('dialog', { 'aria-labelledby': 'cello-title', keydown: (/** @type {KeyboardEvent} */ event) => this.#keep(event), click: (/** @type {MouseEvent} */ event) => this.#outside(event) });
    root.append(this.dialog);
    this.#draw();
  }

  get isOpen() {
    return this.dialog.open;
  }

  /** Modal: the page behind is still, Escape closes, and the focus goes back to where it was. */
  open() {
    if (!this.dialog.open) this.dialog.showModal();
  }

  /** Beside other things, for a preview: takes nobody's focus. */
  openBeside() {
    this.dialog.setAttribute('open', '');
  }

  close() {
    if (this.dialog.open) this.dialog.close();
  }

  /** @param {Words} words */
  speak(words) {
    this.words = words;
    this.#draw();
  }

  /** @param {BootAnswer} answer */
  renew(answer) {
    this.answer = answer;
  }

  #draw() {
    const { words, answer } = this;
    const labels = words.labels(answer.campaign);
    this.dialog.lang = words.language;
    const tabs = element('div', { role: 'tablist', 'aria-label': words.say('tabs'), keydown: (/** @type {KeyboardEvent} */ event) => this.#move(event) },
      ...TABS.map(({ name, label }) => element('button', { type: 'button', role: 'tab', id: `cello-tab-${name}`, 'aria-controls': 'cello-panel', click: () => this.#turn(name) }, words.say(label))));
    this.tabs = tabs;
    this.content = element('div', { role: 'tabpanel', id: 'cello-panel', tabindex: '0', class: 'content' });
    this.dialog.replaceChildren(
      element('header', {}, element('h2', { id: 'cello-title' }, labels.title),
        element('button', { type: 'button', class: 'icon', 'aria-label': words.say('close'), click: () => this.close() }, icon(icons.close))),
      tabs, this.content, this.status);
    this.#turn(this.shown);
  }

  /** @param {string} name */
  #turn(name) {
    const tab = TABS.find(one => one.name === name);
    if (!tab || !this.content || !this.tabs) return;
    this.shown = name;
    for (const button of this.tabs.querySelectorAll('button')) {
      const isShown = button.id === `cello-tab-${name}`;
      button.setAttribute('aria-selected', String(isShown));
      button.tabIndex = isShown ? 0 : -1;
    }
    this.content.setAttribute('aria-labelledby', `cello-tab-${name}`);
    this.content.replaceChildren(tab.draw({ answer: this.answer, words: this.words, service: this.service, say: text => { this.status.textContent = text; } }));
  }

  /** Arrows, Home and End go from tab to tab. @param {KeyboardEvent} event */
  #move(event) {
    const at = TABS.findIndex(tab => tab.name === this.shown);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: TABS.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = TABS[(to + TABS.length) % TABS.length];
    if (!next) return;
    this.#turn(next.name);
    this.tabs?.querySelector(/** @type {'button'} */ (`#cello-tab-${next.name}`))?.focus();
  }

  /** The last is followed by the first. @param {KeyboardEvent} event */
  #keep(event) {
    if (event.key !== 'Tab' || !this.dialog.matches(':modal')) return;
    const all = [.../** @type {NodeListOf<HTMLElement>} */ (this.dialog.querySelectorAll(REACHABLE))].filter(one => one.tabIndex >= 0 && one.checkVisibility());
    const root = this.dialog.getRootNode();
    const now = root instanceof ShadowRoot ? root.activeElement : document.activeElement;
    const [first, last] = [all[0], all[all.length - 1]];
    if (event.shiftKey ? now === first : now === last) {
      event.preventDefault();
      (event.shiftKey ? last : first)?.focus();
    }
  }

  /** What is behind the dialog belongs to it. @param {MouseEvent} event */
  #outside(event) {
    if (event.target !== this.dialog || !this.dialog.matches(':modal')) return;
    const box = this.dialog.getBoundingClientRect();
    if (event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom) this.close();
  }
}
