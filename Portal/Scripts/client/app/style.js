/** @import { Look } from './types.js' */

const TEXT = `
/* Important, because otherwise a page's own rule for everything would win over :host and be inherited from there. */
:host { all: initial !important; color-scheme: light dark !important;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif !important; color: var(--ink) !important;
  --ground: light-dark(#fff, #17191f); --sunken: light-dark(#f3f4f7, #22262f); --line: light-dark(#d9dce3, #373d49);
  --strong: light-dark(#7b8392, #858e9f); --ink: light-dark(#16181d, #eceef2); --soft: light-dark(#555d6b, #aeb6c4); --bad: light-dark(#b3202c, #ff9393); --good: light-dark(#0e6e43, #6ad9a4);
  --main: light-dark(var(--light-color), var(--dark-color)); --on-main: light-dark(var(--on-light), var(--on-dark)); }
:host([data-theme="light"]) { color-scheme: light !important; }
:host([data-theme="dark"]) { color-scheme: dark !important; }
*, *::before, *::after { box-sizing: border-box; }
h2, h3, p, ul, ol, dl, dd { margin: 0; padding: 0; }
h2 { font-size: 1.1em; line-height: 1.3; } h3 { font-size: .95em; margin-block-end: 6px; }
ul, ol { list-style: none; }
button, input, select { font: inherit; color: inherit; }
button, select, input { min-block-size: 40px; border: 1px solid var(--strong); border-radius: 8px; background: var(--ground); padding: 6px 14px; }
button { cursor: pointer; }
button:hover { background: var(--sunken); }
button[disabled] { opacity: .6; cursor: default; }
input, select { inline-size: 100%; min-inline-size: 0; }
label { display: block; font-weight: 600; margin-block-end: 4px; }
.main { background: var(--main); border-color: transparent; color: var(--on-main); font-weight: 600; }
.main:hover { background: var(--main); filter: brightness(1.08); }
:focus-visible { outline: 3px solid var(--main); outline-offset: 2px; box-shadow: 0 0 0 2px var(--ground); }
.icon { min-inline-size: 40px; padding: 8px; border-color: transparent; }
svg { inline-size: 20px; block-size: 20px; display: block; }
.unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.quiet { color: var(--soft); font-size: .9em; }
.launcher { position: fixed; inset-block-end: 20px; inset-inline-end: 20px; z-index: 2147483000; display: flex; gap: 8px; align-items: center; min-block-size: 48px; padding: 10px 18px; border: 0; border-radius: 24px;
  background: var(--main); color: var(--on-main); font-weight: 600; box-shadow: 0 4px 16px rgb(0 0 0 / 22%); max-inline-size: calc(100vw - 40px); }
.launcher:hover { background: var(--main); filter: brightness(1.08); }
.launcher[hidden] { display: none; }
:host([data-position="bottomLeft"]) .launcher { inset-inline: 20px auto; }
.dot { position: absolute; inset-block-start: -2px; inset-inline-end: 4px; inline-size: 14px; block-size: 14px; border-radius: 50%; background: #d6263b; border: 2px solid #fff; }
dialog { position: fixed; inset: auto 20px 20px auto; margin: 0; padding: 0; inline-size: 400px; max-inline-size: calc(100vw - 40px); max-block-size: min(680px, calc(100dvh - 40px)); border: 1px solid var(--line); border-radius: 16px;
  background: var(--ground); color: var(--ink); box-shadow: 0 16px 48px rgb(0 0 0 / 28%); overflow: hidden; }
dialog[open] { display: flex; flex-direction: column; }
:host([data-position="bottomLeft"]) dialog { inset: auto auto 20px 20px; }
dialog::backdrop { background: rgb(10 12 18 / 45%); }
header { display: flex; align-items: center; justify-content: space-between; gap: 12px; padding: 12px 12px 4px 20px; }
[role="tablist"] { display: flex; border-block-end: 1px solid var(--line); padding-inline: 12px; }
[role="tab"] { flex: 1; border: 0; border-radius: 8px 8px 0 0; background: none; padding-inline: 6px; color: var(--soft); font-weight: 600; border-block-end: 3px solid transparent; }
[role="tab"][aria-selected="true"] { color: var(--ink); border-block-end-color: var(--main); }
[role="tab"]:focus-visible, .content:focus-visible { outline-offset: -3px; box-shadow: none; }
.content { padding: 20px; overflow-y: auto; overscroll-behavior: contain; flex: 1; }
.stack { display: flex; flex-direction: column; gap: 18px; }
.row { display: flex; gap: 8px; } .row input { flex: 1; } .row button { flex: none; }
.offer { font-size: 1.15em; line-height: 1.4; font-weight: 600; text-wrap: pretty; }
.channels { display: flex; flex-wrap: wrap; gap: 8px; }
.channels a { display: block; padding: 8px 14px; border: 1px solid var(--strong); border-radius: 20px; color: inherit; text-decoration: none; }
.channels a:hover { background: var(--sunken); }
.qr { display: block; background: #fff; border-radius: 8px; padding: 8px; border: 1px solid var(--line); }
.sums { display: grid; grid-template-columns: repeat(auto-fit, minmax(100px, 1fr)); gap: 12px; background: var(--sunken); border-radius: 12px; padding: 14px 16px; }
.sums dt { color: var(--soft); font-size: .85em; line-height: 1.3; } .sums dd { font-weight: 650; font-size: 1.05em; font-variant-numeric: tabular-nums; }
.rewards li { display: grid; grid-template-columns: 1fr auto; gap: 2px 12px; padding-block: 10px; border-block-end: 1px solid var(--line); font-variant-numeric: tabular-nums; }
.rewards time { grid-column: 1; }
.rewards + button:not([hidden]) { margin-block-start: 12px; }
.state { font-size: .9em; text-align: end; } .state-paid, .state-approved { color: var(--good); } .state-cancelled, .state-clawedBack { color: var(--bad); }
.wrong { color: var(--bad); font-size: .9em; } [aria-invalid="true"] { border-color: var(--bad); }
.sorry { display: flex; flex-direction: column; gap: 10px; align-items: start; color: var(--bad); } .sorry button { color: var(--ink); }
.steps { counter-reset: step; display: flex; flex-direction: column; gap: 20px; }
.steps li { counter-increment: step; padding-inline-start: 48px; position: relative; }
.steps li::before { content: counter(step); position: absolute; inset-inline-start: 0; inset-block-start: 0; inline-size: 32px; block-size: 32px; border-radius: 50%; display: grid; place-items: center; background: var(--main); color: var(--on-main); font-weight: 700; }
[hidden] { display: none; }
@media (max-width: 480px) {
  dialog, :host([data-position="bottomLeft"]) dialog { inset: auto 0 0 0; inline-size: 100%; max-inline-size: 100%; max-block-size: calc(100dvh - 24px); border-radius: 16px 16px 0 0; border-inline: 0; border-block-end: 0; }
}
@media (prefers-reduced-motion: no-preference) {
  dialog[open] { animation: rise .18s ease-out; }
  @keyframes rise { from { transform: translateY(12px); opacity: 0; } }
}
@media (forced-colors: active) { .launcher, .main, [role="tab"][aria-selected="true"] { border: 2px solid ButtonText; } }
`;

/** @param {string} text */
export function sheetOf(text) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}

/** The component's own sheets: no page's Content-Security-Policy speaks of them, and no page's style reaches what they dress. @param {Look} look */
export function sheets(look) {
  const [light, dark] = [colorOf(look.color, '#3b5bdb'), colorOf(look.darkColor, '#748ffc')];
  return [sheetOf(`:host { --light-color: ${light}; --on-light: ${onto(light)}; --dark-color: ${dark}; --on-dark: ${onto(dark)}; }`), sheetOf(TEXT)];
}

/** @param {string} color @param {string} otherwise */
function colorOf(color, otherwise) {
  return /^#[0-9a-f]{6}$/i.test(color) ? color : otherwise;
}

/** Black or white, whichever is easier to read on a colour (WCAG 2, relative luminance). @param {string} color */
function onto(color) {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map(at => parseInt(color.slice(at, at + 2), 16) / 255).map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
  const light = .2126 * r + .7152 * g + .0722 * b;
  return 1.05 / (light + .05) >= (light + .05) / .05 ? '#ffffff' : '#000000';
}
