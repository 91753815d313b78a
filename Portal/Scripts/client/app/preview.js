import { element } from './dom.js';
import { Launchers } from './launcher.js';
import { Panel } from './panel.js';
import { sheets } from './style.js';
import { load } from './words.js';

/** @import { BootAnswer, Service } from './types.js' */

const day = (/** @type {number} */ ago) => new Date(Date.now() - ago * 86_400_000).toISOString();

/** Answers by itself: a preview asks nobody, and saves nothing. @type {Service} */
const nobody = {
  rewards: async () => ({
    balances: [{ currency: 'USD', pending: '24.00', payable: '60.00', paid: '120.00', owedBack: '0.00' }],
    items: [
      { state: 'pending', amount: '24.00', earned: '24.00', currency: 'USD', date: day(3), payableAt: day(-27) },
      { state: 'approved', amount: '60.00', earned: '60.00', currency: 'USD', date: day(40), payableAt: null },
      { state: 'paid', amount: '120.00', earned: '120.00', currency: 'USD', date: day(90), payableAt: null },
    ],
    nextCursor: null,
  }),
  payoutDetails: async () => ({ method: 'paypal', hint: 'm…@example.com', updatedAt: day(100) }),
  savePayoutDetails: async method => ({ method, hint: '…', updatedAt: day(0) }),
  note: () => {},
};

/**
 * Shows the component inside an element as the settings would have it, in place of what was shown there before.
 * @param {HTMLElement} place
 * @param {BootAnswer} answer
 * @param {'light' | 'dark'} theme
 */
export async function preview(place, answer, theme) {
  const words = await load(answer.language);
  const host = element('div', { 'data-cello-preview': '', 'data-position': answer.look.position, 'data-theme': theme });
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [...sheets(answer.look), beside];
  const panel = new Panel(root, answer, words, nobody);
  const launchers = new Launchers(root, null, () => panel.openBeside());
  const { launcher } = words.labels(answer.campaign);
  launchers.name(launcher, words.say('open', { label: launcher }), '');
  launchers.show(answer.look.launcher);
  place.replaceChildren(host);
  panel.openBeside();
}

const beside = new CSSStyleSheet();
beside.replaceSync(':host { display: flex !important; flex-direction: column !important; gap: 12px !important; align-items: end !important; } :host([data-position="bottomLeft"]) { align-items: start !important; } dialog, :host([data-position="bottomLeft"]) dialog { position: static; inset: auto; order: -1; box-shadow: none; inline-size: min(400px, 100%); max-inline-size: 100%; border-radius: 16px; border: 1px solid var(--line); animation: none; } .launcher, :host([data-position="bottomLeft"]) .launcher { position: static; inset: auto; box-shadow: none; }');
