// What the files here speak of. No code: the types are for editors and for the check in the tests.

/**
 * @typedef {object} ProductUserDetails
 * @property {string} [email]
 * @property {string} [firstName]
 * @property {string} [lastName]
 * @property {string} [fullName] Instead of first and last name.
 */

/**
 * @typedef {object} BootOptions
 * @property {string} productId
 * @property {string} token Signed by the product's server for its user (HS512).
 * @property {ProductUserDetails} [productUserDetails]
 * @property {string} [country] ISO 3166-1 alpha-2.
 * @property {string} [language] ISO 639-1.
 * @property {boolean} [hideDefaultLauncher]
 * @property {string} [customLauncherSelector] A CSS selector.
 * @property {'light' | 'dark' | 'auto'} [themeMode]
 * @property {() => void} [onTokenExpiring] Five minutes before.
 * @property {() => void} [onTokenExpired]
 */

/**
 * @typedef {object} Campaign
 * @property {string} primaryCurrency
 * @property {number | null} revenuePercentage A fraction: 0.2 is 20 %.
 * @property {number | null} rewardCap Money in major units, like all money here.
 * @property {number | null} newSignupBonus
 * @property {number | null} newPurchaseBonus
 * @property {number | null} newUserDiscountMonth
 * @property {number | null} newUserDiscountPercentage
 */

/**
 * @typedef {object} Look
 * @property {boolean} launcher
 * @property {string} position
 * @property {string} color
 * @property {string} darkColor
 * @property {string | null} [launcherSelector]
 */

/**
 * @typedef {object} BootAnswer
 * @property {string} ucc
 * @property {string} link
 * @property {Campaign} campaign
 * @property {string} productName
 * @property {string} language
 * @property {Look} look
 * @property {string[]} payoutMethods
 * @property {string | null} news
 * @property {string | null} tokenExpiresAt
 */

/** @typedef {{ currency: string, pending: string, payable: string, paid: string, owedBack: string }} Balance */

/** @typedef {{ state: string, amount: string, earned: string, currency: string, date: string, payableAt: string | null }} Reward */

/** @typedef {{ balances: Balance[], items: Reward[], nextCursor: string | null }} Rewards */

/** @typedef {{ method: string | null, hint: string | null, updatedAt: string | null }} PayoutDetails */

/** @typedef {{ launcher: string, title: string, offer: string, newUserOffer: string }} Labels */

/**
 * What the panel asks of the portal; the preview answers by itself.
 * @typedef {object} Service
 * @property {(cursor: string | null) => Promise<Rewards>} rewards
 * @property {() => Promise<PayoutDetails>} payoutDetails
 * @property {(method: string, account: string) => Promise<PayoutDetails>} savePayoutDetails
 * @property {(ucc: string) => string} [qr] Where the link's QR code is.
 * @property {(activity: 'opened' | 'shared', channel?: string) => void} note
 */

/** @typedef {Record<string, string>} Dictionary */

/**
 * What the panel shows, and how it speaks.
 * @typedef {object} View
 * @property {BootAnswer} answer
 * @property {import('./words.js').Words} words
 * @property {Service} service
 * @property {(text: string) => void} say Tells who cannot see it.
 */

export {};
