/** What `dexdump -d` says of a package's code. */
export interface DexDump {
  readonly version: string;
  /** As Java writes them, inner ones with `$`. */
  readonly classes: readonly string[];
  /** `class.method` of whatever is called, own ones too. */
  readonly calls: ReadonlySet<string>;
  /** Own methods whose code is not in the package. */
  readonly natives: readonly string[];
}

const OWN = 'cn.bianmin.box.';

/** Packages of the platform that the shell uses, without those below them. */
const PACKAGES = new Set([
  ...['android.app', 'android.app.job', 'android.content', 'android.content.pm', 'android.content.res'],
  ...['android.hardware.usb', 'android.net', 'android.os', 'android.security', 'android.security.keystore'],
  ...['android.speech.tts', 'android.system', 'android.util', 'android.view', 'android.webkit'],
  ...['java.io', 'java.lang', 'java.math', 'java.net', 'java.nio', 'java.nio.charset', 'java.security'],
  ...['java.security.cert', 'java.security.interfaces', 'java.security.spec', 'java.text', 'java.util'],
  ...['java.util.concurrent', 'java.util.concurrent.atomic', 'java.util.concurrent.locks'],
  ...['java.util.regex', 'javax.crypto', 'javax.crypto.spec', 'javax.net.ssl', 'javax.security.auth.x500'],
  'org.json',
]);

/** Classes in those packages of which a few methods are enough; with none, the class is not called. */
const FEW: Readonly<Record<string, readonly string[]>> = {
  // No reflection, no program and no code but the package's own.
  'java.lang.Class': ['getName'],
  'java.lang.ClassLoader': [],
  'java.lang.Process': [],
  'java.lang.ProcessBuilder': [],
  'java.lang.Runtime': [],
  'java.lang.System': ['arraycopy', 'currentTimeMillis', 'nanoTime'],
  'java.net.URLClassLoader': [],
  'java.io.ObjectInputStream': [],
  // Nothing is logged, least of all a message: the crash log has names and lines.
  'android.util.Log': [],
  'java.lang.Throwable': ['addSuppressed', 'getCause', 'getStackTrace'],
  // A certificate that is not to be trusted is final.
  'android.webkit.SslErrorHandler': ['cancel'],
  'javax.net.ssl.HttpsURLConnection': ['setSSLSocketFactory'],
};

/** Throws where the text is of no whole package. */
export function parseDexDump(text: string): DexDump {
  const version = /^Opened '.*', DEX version '(\d+)'$/m.exec(text)?.[1];
  if (version === undefined) throw new Error('dexdump found no code in the package.');
  const classes = [...text.matchAll(/^ {2}Class descriptor {2}: 'L([^;]+);'$/gm)].map(([, name]) =>
    javaName(name),
  );
  const calls = new Set(
    [...text.matchAll(/\|[0-9a-f]{4}: invoke-[\w/-]+ \{[^}]*\}, L([^;]+);\.([^:]+):/g)].map(
      ([, owner, method]) => `${javaName(owner)}.${method ?? ''}`,
    ),
  );
  const natives = [
    ...text.matchAll(
      /\(in L([^;]+);\)\n {6}name {10}: '([^']+)'\n {6}type .*\n {6}access {8}: .*\bNATIVE\b/g,
    ),
  ].map(([, owner, method]) => `${javaName(owner)}.${method ?? ''}`);
  return { version, classes, calls, natives };
}

/** What has no place in the shell's code, each as a sentence; nothing where all has. */
export function faultsOfDex({ classes, calls, natives }: DexDump): string[] {
  const strangers = classes.filter((name) => !name.startsWith(OWN)).map((name) => `${name} is not ours.`);
  const called = [...calls].filter((call) => !isExpected(call)).map((call) => `${call} is called.`);
  return [...strangers, ...called, ...natives.map((name) => `${name} is native.`)].sort();
}

function isExpected(call: string): boolean {
  const end = call.lastIndexOf('.');
  const owner = call.slice(0, end);
  if (owner.startsWith(OWN)) return true;
  const few = Object.hasOwn(FEW, owner) ? FEW[owner] : undefined;
  if (few !== undefined) return few.includes(call.slice(end + 1));
  return PACKAGES.has(owner.slice(0, owner.lastIndexOf('.')));
}

function javaName(descriptor: string | undefined): string {
  return (descriptor ?? '').replaceAll('/', '.');
}
