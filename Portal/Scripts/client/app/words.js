/** @import { Campaign, Dictionary, Labels } from './types.js' */

const FALLBACK = 'en';

/** @type {Map<string, Promise<Dictionary>>} */
const loaded = new Map();

/**
 * The texts of a language; English where there are none.
 * @param {string} language
 */
export async function load(language) {
  const short = language.toLowerCase().split(/[-_]/)[0] ?? FALLBACK;
  const english = await read(FALLBACK);
  if (short === FALLBACK || !/^[a-z]{2}$/.test(short)) return new Words(FALLBACK, english);
  try {
    return new Words(short, { ...english, ...await read(short) });
  } catch {
    return new Words(FALLBACK, english);
  }
}

/** @param {string} language @returns {Promise<Dictionary>} */
function read(language) {
  let texts = loaded.get(language);
  if (!texts) {
    texts = fetch(new URL(`texts/${language}.json`, import.meta.url)).then(answer => {
      if (!answer.ok) throw new Error(`There are no texts in ${language}.`);
      return answer.json();
    });
    texts.catch(() => loaded.delete(language));   // what failed for want of a network is tried again
    loaded.set(language, texts);
  }
  return texts;
}

/** What the component says in one language. */
export class Words {
  /** @param {string} language @param {Dictionary} texts */
  constructor(language, texts) {
    this.language = language;
    this.texts = texts;
  }

  /**
   * A text, with what stands in its braces.
   * @param {string} name
   * @param {Record<string, string | number>} [values]
   */
  say(name, values = {}) {
    return (this.texts[name] ?? name).replace(/\{(\w+)\}/g, (whole, key) => String(values[key] ?? whole));
  }

  /** @param {number | string} amount Major units. @param {string} currency */
  money(amount, currency) {
    const number = Number(amount);
    return new Intl.NumberFormat(this.language, { style: 'currency', currency, ...Number.isInteger(number) && { maximumFractionDigits: 0 } }).format(number);
  }

  /** With all decimals of the currency, so that a column of them lines up. @param {string} amount @param {string} currency */
  exactMoney(amount, currency) {
    const decimals = amount.split('.')[1]?.length ?? 0;
    return new Intl.NumberFormat(this.language, { style: 'currency', currency, minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(Number(amount));
  }

  /** @param {number} fraction */
  share(fraction) {
    return new Intl.NumberFormat(this.language, { style: 'percent', maximumFractionDigits: 2 }).format(fraction);
  }

  /** @param {string} at */
  day(at) {
    return new Intl.DateTimeFormat(this.language, { dateStyle: 'medium' }).format(new Date(at));
  }

  /**
   * What the campaign promises, in sentences.
   * @param {Campaign} campaign
   * @returns {Labels}
   */
  labels(campaign) {
    const { primaryCurrency: currency, revenuePercentage: share, rewardCap: cap, newSignupBonus: signup, newPurchaseBonus: purchase, newUserDiscountPercentage: discount, newUserDiscountMonth: months } = campaign;
    const most = cap ?? ((signup ?? 0) + (purchase ?? 0) || null);
    const offers = [
      share !== null && this.say(cap !== null ? 'offerShareCapped' : 'offerShare', { share: this.share(share), cap: cap === null ? '' : this.money(cap, currency) }),
      signup !== null && this.say('offerSignup', { amount: this.money(signup, currency) }),
      purchase !== null && this.say('offerPurchase', { amount: this.money(purchase, currency) }),
    ].filter(offer => offer !== false);
    return {
      launcher: most !== null ? this.say('earn', { amount: this.money(most, currency) }) : share !== null ? this.say('earn', { amount: this.share(share) }) : this.say('invite'),
      title: this.say('title'),
      offer: offers.join(' ') || this.say('offerNone'),
      newUserOffer: discount === null ? '' : this.say(months === null ? 'discount' : months === 1 ? 'discountMonth' : 'discountMonths', { share: this.share(discount), months: months ?? '' }),
    };
  }
}
