import { collectFacts } from '@bianmin/card/cli/doctor/collect';
import { judge } from '@bianmin/card/cli/doctor/rules';
import type { System } from '@bianmin/card/cli/doctor/system';
import type { SupportReaders } from '@bianmin/purchase/api/support';

/** What is plugged in and who has it, as `bianmin-card doctor` finds it: opens no device. Null where it cannot be looked at. */
export async function supportReaders(system: System): Promise<SupportReaders | null> {
  try {
    const facts = await collectFacts(system);
    return {
      devices: facts.devices.slice(0, 32).map(({ id, name, model, kind }) => ({
        ...{ id: plain(id), name: plain(name), model: model ?? null, kind },
      })),
      findings: judge(facts)
        .slice(0, 64)
        .map(({ id, severity, device, values }) => ({
          ...{ id, severity, device: device === undefined ? null : plain(device, 128) },
          // The program, the package or the driver; a user's name is none of these.
          by: byOf(values['name'] ?? values['library'] ?? values['drivers']),
        })),
    };
  } catch {
    return null;
  }
}

function byOf(value: string | number | undefined): string | null {
  return value === undefined ? null : plain(String(value));
}

/** As a maker or a program calls itself. */
function plain(text: string, most = 64): string {
  return text.replace(/[^\w ().,:/@-]/gu, '').slice(0, most);
}
