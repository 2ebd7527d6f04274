import type { FakeBox, Intent } from './launch.ts';

/**
 * AMT's Java: gives nothing back; swallows what goes wrong, such as a missing kind of intent; an empty class is the
 * app's own entrance; an extra's name may be under `name` or `key`, and an empty value is dropped.
 */
export function amt(box: FakeBox): object {
  return {
    isAppInstalled: (name: string) => box.installed.includes(name),
    startAppByName(name: string): void {
      if (box.installed.includes(name)) box.started({ package: name, className: null, extras: {} });
    },
    startAppByIntent(text: string): void {
      try {
        const intent = JSON.parse(text) as Intent;
        if (typeof intent.intentType !== 'number') throw new Error('No value for intentType');
        const name = intent.appName ?? '';
        if (!box.installed.includes(name)) return;
        const extras: Record<string, string> = {};
        for (const each of intent.extra ?? []) {
          const key = each.name ?? each.key;
          if (key !== undefined && each.value) extras[key] = each.value;
        }
        box.started({ package: name, className: (intent.className ?? '') || null, extras });
      } catch {
        // As the box does.
      }
    },
  };
}
