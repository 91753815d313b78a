import { element } from './dom.js';

/** @import { View } from './types.js' */

/** The offer, and the link in every way in which it can be passed on. @param {View} view */
export function invite({ answer, words, service, say }) {
  const labels = words.labels(answer.campaign);
  const field = element('input', { id: 'cello-link', type: 'text', readonly: true, value: answer.link, focus: () => field.select() });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(answer.link);
      said.textContent = words.say('copied');
    } catch {   // not allowed, or the page is not secure
      field.select();
      said.textContent = words.say('copyByHand');
    }
    say(said.textContent);
    service.note('shared', 'link');
  };
  const said = element('p', { class: 'quiet', 'aria-hidden': 'true' });
  return element('div', { class: 'stack' },
    element('p', { class: 'offer' }, labels.offer),
    labels.newUserOffer && element('p', {}, labels.newUserOffer),
    element('div', {},
      element('label', { for: 'cello-link' }, words.say('link')),
      element('div', { class: 'row' }, field, element('button', { type: 'button', class: 'main', click: copy }, words.say('copy'))),
      said),
    element('section', { 'aria-labelledby': 'cello-share' },
      element('h3', { id: 'cello-share' }, words.say('share')),
      element('ul', { class: 'channels' }, ...channels(answer.link, answer.productName, words).map(({ name, label, href }) => element('li', {},
        element('a', { href, target: '_blank', rel: 'noopener noreferrer', 'aria-label': words.say('newTab', { channel: words.say(label) }), click: () => service.note('shared', name) }, words.say(label)))))),
    service.qr && element('section', { 'aria-labelledby': 'cello-qr' }, element('h3', { id: 'cello-qr' }, words.say('qr')), picture(service.qr(answer.ucc), words)));
}

/** @param {string} link @param {string} product @param {import('./words.js').Words} words */
function channels(link, product, words) {
  const text = product ? words.say('shareText', { product, link }) : words.say('shareTextPlain', { link });
  const subject = product ? words.say('shareSubject', { product }) : words.say('shareSubjectPlain');
  const [u, t] = [encodeURIComponent(link), encodeURIComponent(text)];
  return [
    { name: 'email', label: 'channelEmail', href: `mailto:?subject=${encodeURIComponent(subject)}&body=${t}` },
    { name: 'whatsapp', label: 'channelWhatsapp', href: `https://wa.me/?text=${t}` },
    { name: 'x', label: 'channelX', href: `https://x.com/intent/post?text=${t}` },
    { name: 'facebook', label: 'channelFacebook', href: `https://www.facebook.com/sharer/sharer.php?u=${u}` },
    { name: 'linkedin', label: 'channelLinkedin', href: `https://www.linkedin.com/sharing/share-offsite/?url=${u}` },
  ];
}

/** @param {string} address @param {import('./words.js').Words} words */
function picture(address, words) {
  const image = element('img', { class: 'qr', src: address, alt: words.say('qrAlt'), width: 144, height: 144, loading: 'lazy' });
  image.addEventListener('error', () => image.replaceWith(element('p', { class: 'quiet' }, words.say('qrMissing'))));
  return image;
}
