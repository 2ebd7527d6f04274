import { app, Menu, protocol } from 'electron';
import type { Event, Session } from 'electron';
import { mayReachPage } from '../ipc/keys.ts';
import { mayNavigate, mayRequest, SCHEME, windowOpenAnswer } from '../policy/page.ts';
import {
  mayHave,
  PROTECTED_USB_CLASSES,
  REFUSED_BY_APP,
  REFUSED_BY_PAGE,
  REFUSED_BY_SESSION,
} from '../policy/permissions.ts';
import { refuse } from '../policy/refuse.ts';

/** What must be set before Electron is ready, for every page that will ever be. */
export function guardApp(): void {
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  // Its default menu has keys for reloading, zooming, developer tools and quitting.
  Menu.setApplicationMenu(null);
  refuse(app, REFUSED_BY_APP);
  app.on('web-contents-created', (_event, contents) => {
    const stay = (event: Event & { readonly url: string }): void => {
      if (!mayNavigate(event.url)) event.preventDefault();
    };
    contents.on('will-navigate', stay);
    contents.on('will-redirect', stay);
    contents.on('will-frame-navigate', stay);
    contents.setWindowOpenHandler(windowOpenAnswer);
    // Before the page, and before anything that Chromium or the system does of itself by keys.
    contents.on('before-input-event', (event, input) => {
      if (!mayReachPage(input)) event.preventDefault();
    });
    refuse(contents, REFUSED_BY_PAGE);
  });
}

/** What a page's session is asked, and its answer: no. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => {
    answer(mayHave());
  });
  session.setPermissionCheckHandler(mayHave);
  session.setDevicePermissionHandler(mayHave);
  session.setDisplayMediaRequestHandler((_request, answer) => {
    answer({});
  });
  session.setUSBProtectedClassesHandler(() => [...PROTECTED_USB_CLASSES]);
  session.setBluetoothPairingHandler((_details, answer) => {
    answer({ confirmed: mayHave() });
  });
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    answer({ cancel: !mayRequest(url) });
  });
  refuse(session, REFUSED_BY_SESSION);
}
