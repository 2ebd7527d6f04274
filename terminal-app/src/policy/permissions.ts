/** No page is given any permission; readers and printer are the host's, on the other side of the map. */
export function mayHave(): boolean {
  return false;
}

/**
 * What Electron would choose by itself unless refused, by the event that asks, with what its callback is answered
 * where it has one. A device's chooser that is not answered takes the first device; a download asks where to.
 */
export type Refusals = Readonly<Record<string, readonly unknown[]>>;
export const REFUSED_BY_APP: Refusals = {
  'certificate-error': [false],
  'select-client-certificate': [],
  login: [],
};
export const REFUSED_BY_SESSION: Refusals = {
  'will-download': [],
  'select-hid-device': [],
  'select-serial-port': [''],
  'select-usb-device': [],
  'file-system-access-restricted': ['deny'],
};
export const REFUSED_BY_PAGE: Refusals = {
  'will-attach-webview': [],
  'select-bluetooth-device': [''],
  'context-menu': [],
};

/** Every class that Electron protects from WebUSB stays protected (electron/electron docs/api/session.md). */
export const PROTECTED_USB_CLASSES: readonly string[] = [
  'audio',
  'audio-video',
  'hid',
  'mass-storage',
  'smart-card',
  'video',
  'wireless',
];

/** Every web preference that matters, said aloud, whatever this Electron's defaults are. */
export const WEB_PREFERENCES = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
  devTools: false,
  plugins: false,
  // The screen speaks before it is touched: a forgotten card is called out.
  autoplayPolicy: 'no-user-gesture-required',
  safeDialogs: true,
  disableDialogs: true,
  // A page that is covered for a moment goes on painting, or its watch would take it for hung.
  backgroundThrottling: false,
} as const;
