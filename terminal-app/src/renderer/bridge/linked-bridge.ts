import type { HostBridge } from '../../ipc/map.ts';

/** A bridge that also says whether the host can be reached. */
export interface LinkedBridge extends HostBridge {
  onLink(listener: (linked: boolean) => void): () => void;
}
