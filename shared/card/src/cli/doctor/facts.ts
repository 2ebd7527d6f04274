import type { System } from './system.ts';

/** What was found on a machine; rules judge it without looking again. */
export interface Facts {
  readonly platform: System['platform'];
  readonly user: { readonly name: string; readonly uid: number; readonly groups: readonly string[] };
  /** Everything on USB, readers or not. */
  readonly plugged: readonly PluggedFact[];
  readonly devices: readonly DeviceFact[];
  /** Whether the system shows USB devices at all: a container may not. */
  readonly usbVisible: boolean;
  readonly pcscd: PcscdFact;
  /** Of packages that are loaded on demand: `true`, or why not. */
  readonly packages: Readonly<Record<string, true | string>>;
  /** The version of the Node that runs this. */
  readonly node: string;
  /** Processes whose open files could not be looked into. */
  readonly hiddenProcesses: number;
}

/** One line of what is plugged in. */
export interface PluggedFact {
  /** Bus and port, as the kernel names it: `1-2`. */
  readonly id: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly name: string;
}

/** A USB device that is a reader or may be one. */
export interface DeviceFact extends PluggedFact {
  /** `id` of the table of readers; undefined for a device that is not in it. */
  readonly model: string | undefined;
  readonly kind: 'ccid' | 'hid' | 'vendor';
  /** Kernel drivers that hold interfaces. */
  readonly drivers: readonly string[];
  /** Its nodes: /dev/bus/usb/…, and /dev/hidraw… where there are. */
  readonly nodes: readonly NodeFact[];
}

export interface NodeFact {
  readonly path: string;
  readonly kind: 'usb' | 'hidraw';
  /** `root:plugdev 0660`; undefined where the node is not there. */
  readonly owner: string | undefined;
  readonly group: string | undefined;
  readonly writable: boolean;
  /** Processes that have it open. */
  readonly heldBy: readonly { readonly pid: number; readonly name: string }[];
}

export interface PcscdFact {
  readonly running: boolean;
  readonly pid: number | undefined;
  /** As `systemctl is-active` says; undefined without systemd. */
  readonly service: string | undefined;
  readonly socket: string | undefined;
  /** Whether the socket that clients use is there, and open to us. */
  readonly clientSocket: 'open' | 'closed' | 'absent';
}
