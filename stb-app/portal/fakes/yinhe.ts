import type { FakeBox, Intent } from './launch.ts';

/**
 * Yinhe's Java: answers true or false; the class is required, one without a package gets the app's; an empty value
 * aborts the launch; apps that were taken away still count as installed; what installs is a stub.
 */
export function yinhe(box: FakeBox): object {
  const known = (name: string): boolean => box.installed.includes(name) || (box.removed ?? []).includes(name);
  return {
    isAppInstalled: known,
    installApp: () => false,
    startAppByName(name: string): boolean {
      if (!box.installed.includes(name)) return false;
      box.started({ package: name, className: null, extras: {} });
      return true;
    },
    startAppByIntent(text: string): boolean {
      try {
        const intent = JSON.parse(text) as Intent;
        if (intent.intentType !== 0) return false;
        const name = intent.appName ?? '';
        const given = intent.className;
        if (given === undefined || given === '') return false;
        const extras: Record<string, string> = {};
        for (const each of intent.extra ?? []) {
          if (!each.name || !each.value) return false;
          extras[each.name] = each.value;
        }
        if (!box.installed.includes(name)) return false;
        const className = given.startsWith('.') ? name + given : given;
        box.started({
          package: name,
          className: className.includes('.') ? className : `${name}.${className}`,
          extras,
        });
        return true;
      } catch {
        return false;
      }
    },
  };
}
