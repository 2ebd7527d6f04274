/**
 * What the other files mean by these names; this one has no code.
 *
 * What a box's browser gives its pages. Any of it may be missing, may be a host object without a prototype, and may throw.
 *
 * @typedef {object} AppManager
 * @property {(name: string) => unknown} [isAppInstalled]
 * @property {(intent: string) => unknown} [startAppByIntent]
 * @property {(name: string) => unknown} [startAppByName]
 *
 * @typedef {object} BoxParts
 * @property {AppManager} [STBAppManager]
 * @property {{ CTCGetConfig?: (key: string) => unknown, CUGetConfig?: (key: string) => unknown }} [Authentication]
 * @property {{ getEvent?: () => unknown, setValueByName?: (name: string, value: string) => unknown }} [Utility]
 *
 * @typedef {Window & BoxParts} Box
 *
 * What the deployment says (`site.json`).
 *
 * @typedef {{ package: string, className: string | null, extras?: Record<string, string>, intentType?: number | null }} Launched
 * @typedef {{ app: Launched, readerMode: string[], phoneUrl: string | null, helpPhone: string | null, stores: Record<string, Launched> }} Site
 *
 * Of the page's address.
 *
 * @typedef {{ entry: string, readerMode: boolean, store: Launched | null, backUrl: string, fromLaunch: boolean, language: string, values: Record<string, string> }} Options
 *
 * What the app shows: of the app's `PurchaseView`, the fields that these pages draw.
 *
 * @typedef {{ name: string, address: string, customerNo: string, balanceFen: number | null, arrearsFen: number }} Household
 * @typedef {{ minFen: number, maxFen: number, stepFen: number, presetsFen: number[] }} Limits
 * @typedef {object} View
 * @property {string} screen
 * @property {Household} [household]
 * @property {Limits} [limits]
 * @property {number | null} [busyFen]
 * @property {boolean} [remote]
 * @property {string | null} [orderNo]
 * @property {number} [faceFen]
 * @property {number} [paidFen]
 * @property {number} [discountFen]
 * @property {number} [fen]
 * @property {string} [channel]
 * @property {string | null} [codeUrl]
 * @property {number | null} [expiresAt] wall clock of the server, ms
 * @property {boolean} [closing]
 * @property {string} [phase]
 * @property {number} [progress] 0 to 1
 * @property {string | null} [receiptCode]
 * @property {boolean} [resumed]
 * @property {boolean} [done]
 * @property {boolean} [paid]
 * @property {object} [cash]
 * @property {string} [code]
 * @property {string} [staffCode]
 * @property {string} [moneySafe]
 * @property {boolean} [canRetry]
 * @property {boolean} [canLeave]
 *
 * @typedef {{ type: string, faceFen?: number, channel?: string }} Command
 *
 * @typedef {{ id: string, key: string, token: string }} Visit
 * @typedef {{ state: string, revision: number, view: View | null }} Followed
 *
 * What a screen says; `main.js` draws it and `keys.js` moves in it.
 *
 * @typedef {{ id: string, words: string, act: () => void, chosen?: boolean, big?: boolean }} Choice
 * @typedef {object} PageScreen
 * @property {string} name two screens of one name are one whose words changed: the focus stays
 * @property {string} title
 * @property {string} [answer] the largest thing on it
 * @property {string[]} [lines]
 * @property {string[]} [small] for a helper
 * @property {'good' | 'trouble'} [tone]
 * @property {string} [code] what a phone is to scan
 * @property {string} [codeWords] under the code
 * @property {string} [codeNote] in place of a code that is not there yet
 * @property {number} [progress] 0 to 1
 * @property {{ done: boolean, now: boolean, words: string }[]} [steps]
 * @property {() => string} [clock] said anew each second
 * @property {Choice[]} [choices]
 * @property {(() => void) | null} [back] null: back does nothing here; absent: to the portal
 * @property {(digit: number) => void} [digit]
 * @property {() => boolean} [erase] takes the last digit back, if there is one
 */
