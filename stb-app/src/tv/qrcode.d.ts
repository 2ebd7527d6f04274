/** The code alone, without what draws it on a canvas or in a terminal. */
declare module 'qrcode/lib/core/qrcode' {
  export { create } from 'qrcode';
}
