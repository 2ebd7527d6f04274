import type { FakeBox, Intent } from './launch.ts';

/** Huawei's C++: every app is installed, in the string "1"; what is asked for is an event that is not answered. */
export function huawei(box: FakeBox): object {
  return {
    isAppInstalled: () => '1',
    startAppByName(name: string): void {
      if (box.installed.includes(name)) box.started({ package: name, className: null, extras: {} });
    },
    startAppByIntent(text: string): void {
      const intent = JSON.parse(text) as Intent;
      const name = intent.appName ?? '';
      // Passed through as it is: what is no class of the app starts nothing.
      const className = intent.className ?? '';
      if (!box.installed.includes(name) || !className.startsWith(`${name}.`)) return;
      const extras: Record<string, string> = {};
      for (const { name: key, value } of intent.extra ?? [])
        if (key !== undefined && value !== undefined) extras[key] = value;
      box.started({ package: name, className, extras });
    },
  };
}
