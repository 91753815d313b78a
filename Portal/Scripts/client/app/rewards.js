import { element } from './dom.js';
import { payTo } from './payto.js';
import { CelloError } from './service.js';

/** @import { Balance, Reward, View } from './types.js' */

/** What was earned, how it stands, and where it goes. @param {View} view */
export function rewards(view) {
  const list = element('div', { class: 'stack' });
  load(view, list);
  return element('div', { class: 'stack' }, list, payTo(view));
}

/** @param {View} view @param {HTMLElement} into */
async function load(view, into) {
  const { words, service } = view;
  into.replaceChildren(element('p', { class: 'quiet', role: 'status' }, words.say('loading')));
  try {
    const first = await service.rewards(null);
    const items = element('ul', { class: 'rewards' }, ...first.items.map(item => row(item, view)));
    into.replaceChildren(
      ...first.balances.map(balance => sums(balance, view)),
      element('section', { 'aria-labelledby': 'cello-rewards' }, element('h3', { id: 'cello-rewards' }, words.say('rewards')),
        first.items.length > 0 ? items : element('p', { class: 'quiet' }, words.say('noRewards')),
        more(first.nextCursor, items, view)));
  } catch (error) {
    into.replaceChildren(sorry(error, view, () => load(view, into)));
  }
}

/** @param {string | null} cursor @param {HTMLElement} items @param {View} view */
function more(cursor, items, view) {
  let next = cursor;
  const button = element('button', { type: 'button', hidden: !next, click: async () => {
    button.disabled = true;
    try {
      const part = await view.service.rewards(next);
      next = part.nextCursor;
      const rows = part.items.map(item => row(item, view));
      items.append(...rows);
      button.hidden = !next;
      if (!next) rows[0]?.focus();   // the button that had the focus is gone
    } catch (error) {
      items.append(element('li', {}, sorry(error, view, null)));
    }
    button.disabled = false;
  } }, view.words.say('more'));
  return button;
}

/** @param {Balance} balance @param {View} view */
function sums(balance, { words }) {
  const parts = /** @type {const} */ (['pending', 'payable', 'paid', 'owedBack']);
  return element('dl', { class: 'sums', 'aria-label': `${words.say('balances')} (${balance.currency})` }, ...parts.filter(part => part !== 'owedBack' || Number(balance[part]) !== 0)
    .map(part => element('div', {}, element('dt', {}, words.say(part)), element('dd', {}, words.exactMoney(balance[part], balance.currency)))));
}

/** @param {Reward} reward @param {View} view */
function row(reward, { words }) {
  const state = Number(reward.earned) === 0 ? words.say('state.none') : reward.payableAt ? words.say('state.pendingUntil', { day: words.day(reward.payableAt) }) : words.say(`state.${reward.state}`);
  return element('li', { tabindex: '-1' },
    element('span', {}, element('strong', {}, words.exactMoney(reward.amount, reward.currency)), reward.amount !== reward.earned && element('span', { class: 'quiet' }, ` ${words.say('wasEarned', { amount: words.exactMoney(reward.earned, reward.currency) })}`)),
    element('span', { class: `state${Number(reward.earned) === 0 ? '' : ` state-${reward.state}`}` }, state),
    element('time', { datetime: reward.date, class: 'quiet' }, words.day(reward.date)));
}

/** @param {unknown} error @param {View} view @param {(() => void) | null} again */
export function sorry(error, { words }, again) {
  const isOver = error instanceof CelloError && error.code.startsWith('token');
  return element('div', { role: 'alert', class: 'sorry' }, element('p', {}, words.say(isOver ? 'ended' : 'failed')),
    again && !isOver && element('button', { type: 'button', click: again }, words.say('again')));
}
