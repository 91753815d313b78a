import { element } from './dom.js';
import { CelloError } from './service.js';

/** @import { PayoutDetails, View } from './types.js' */

/** Where the rewards go: what is known as a hint, and a form. @param {View} view */
export function payTo(view) {
  const body = element('div', { class: 'stack' });
  const section = element('section', { 'aria-labelledby': 'cello-pay' }, element('h3', { id: 'cello-pay' }, view.words.say('payTo')), body);
  view.service.payoutDetails().then(details => show(view, body, details), () => section.remove());   // the rewards above say what is wrong
  return section;
}

/** @param {View} view @param {HTMLElement} body @param {PayoutDetails} details */
function show(view, body, details) {
  const { words } = view;
  const edit = element('button', { type: 'button', click: () => ask(view, body, details) }, words.say(details.method ? 'edit' : 'add'));
  body.replaceChildren(
    element('p', {}, details.method ? words.say('payToNow', { method: words.say(`method.${details.method}`), hint: details.hint ?? '' }) : words.say('payToNone')),
    element('div', {}, edit));
  return edit;
}

/** @param {View} view @param {HTMLElement} body @param {PayoutDetails} details */
function ask(view, body, details) {
  const { words, service, answer, say } = view;
  const method = element('select', { id: 'cello-method', change: () => name() },
    ...answer.payoutMethods.map(one => element('option', { value: one, selected: one === details.method }, words.say(`method.${one}`))));
  const label = element('label', { for: 'cello-account' });
  const account = element('input', { id: 'cello-account', type: 'text', autocomplete: 'off', spellcheck: 'false', maxlength: 300, 'aria-describedby': 'cello-wrong' });
  const wrong = element('p', { id: 'cello-wrong', class: 'wrong', role: 'alert' });
  const save = element('button', { type: 'submit', class: 'main' }, words.say('save'));
  const name = () => {
    label.textContent = words.say(`account.${method.value}`);
    complain('');
  };
  /** @param {string} text */
  const complain = text => {
    wrong.textContent = text;
    account.setAttribute('aria-invalid', String(text !== ''));
  };
  const form = element('form', { class: 'stack', novalidate: true, submit: async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    save.disabled = true;
    complain('');
    try {
      const saved = await service.savePayoutDetails(method.value, account.value);
      show(view, body, saved).focus();
      say(words.say('saved'));
    } catch (error) {
      complain(words.say(error instanceof CelloError && error.code === 'invalidField' ? `wrong.${method.value}` : 'notSaved'));
      account.focus();
    }
    save.disabled = false;
  } },
    element('div', {}, element('label', { for: 'cello-method' }, words.say('method')), method),
    element('div', {}, label, account, wrong),
    element('div', { class: 'row' }, save, element('button', { type: 'button', click: () => show(view, body, details).focus() }, words.say('cancel'))));
  name();
  body.replaceChildren(form);
  method.focus();
}
