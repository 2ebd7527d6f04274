import { Counter, type Registry } from 'prom-client';
import { modelOfName } from '@bianmin/card/reader/models';
import type { Heartbeat } from '@bianmin/purchase/api/heartbeat';
import { bounded } from '../../adapters/metrics/bounded.ts';

/** Codes of ours that readers and other parts of terminals can have, with room. */
const CODES = 64;

/** What terminals say that went wrong. */
export interface FleetMetrics {
  count(kind: 'kiosk' | 'box', said: Heartbeat): void;
}

/** Terminals choose the words: models are those of the table, and codes the first so many that were heard. */
export function createFleetMetrics(registry: Registry): FleetMetrics {
  const registers = [registry];
  const readers = new Counter({
    name: 'bianmin_reader_faults_total',
    help: "Faults of terminals' readers, by the model that sells.",
    labelNames: ['model', 'code'],
    registers,
  });
  const faults = new Counter({
    name: 'bianmin_terminal_faults_total',
    help: 'Faults that terminals counted, by the first word of their code.',
    labelNames: ['kind', 'area'],
    registers,
  });
  const [codeOf, areaOf] = [bounded(CODES), bounded(CODES)];
  return {
    count(kind, { readers: [reader], errors = [] }) {
      for (const { code, count } of errors) {
        const [area = ''] = code.split('.');
        faults.inc({ kind, area: areaOf(area) }, count);
        if (area !== 'reader') continue;
        readers.inc(
          { model: reader === undefined ? 'none' : modelOfName(reader).id, code: codeOf(code) },
          count,
        );
      }
    },
  };
}
