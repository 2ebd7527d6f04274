import { expect, it } from 'vitest';
import { mayHave, WEB_PREFERENCES } from './permissions.ts';

it('grants nothing', () => {
  expect(mayHave()).toBe(false);
});

it('the window is a sandbox that leaves every protection on and every extra off', () => {
  const { contextIsolation, sandbox, webSecurity, safeDialogs, disableDialogs, autoplayPolicy, ...extras } =
    WEB_PREFERENCES;
  expect([contextIsolation, sandbox, webSecurity, safeDialogs, disableDialogs]).not.toContain(false);
  // The kiosk speaks before anybody has touched it.
  expect(autoplayPolicy).toBe('no-user-gesture-required');
  expect(Object.entries(extras).filter(([, on]) => on)).toEqual([]);
  expect(Object.keys(extras)).toEqual(
    expect.arrayContaining([
      'nodeIntegration',
      'allowRunningInsecureContent',
      'experimentalFeatures',
      'devTools',
    ]),
  );
});
