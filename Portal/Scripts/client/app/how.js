import { element } from './dom.js';

/** @import { View } from './types.js' */

/** Three steps. @param {View} view */
export function how({ answer, words }) {
  const labels = words.labels(answer.campaign);
  const values = { discount: labels.newUserOffer, offer: labels.offer };
  return element('ol', { class: 'steps' }, ...['how1', 'how2', 'how3'].map(step => element('li', {}, element('h3', {}, words.say(step)), element('p', {}, words.say(`${step}Text`, values).trim()))));
}
