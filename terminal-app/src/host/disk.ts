import { statfs } from 'node:fs/promises';

const MB = 1_000_000;

export interface DiskRoom {
  readonly freeMb: number;
  readonly totalMb: number;
}

/** The room of the disk that a folder is on; null where it does not say: that is no reason to be silent about everything else. */
export async function diskRoom(folder: string): Promise<DiskRoom | null> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { freeMb: Math.floor((bavail * bsize) / MB), totalMb: Math.floor((blocks * bsize) / MB) };
  } catch {
    return null;
  }
}
