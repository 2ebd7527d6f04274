import { describe, expect, it } from 'vitest';
import { faultsOfDex, parseDexDump } from './dex.ts';

/** Lines of `dexdump -d` (Debian's, 11.0.0) of the shell's own package, made shorter. */
const HEAD = `Processing 'box.apk'...
Opened 'box.apk', DEX version '035'
`;
const classOf = (descriptor: string): string => `Class #0            -
  Class descriptor  : '${descriptor}'
  Access flags      : 0x0011 (PUBLIC FINAL)
`;
const methodOf = (owner: string, access: string): string => `    #0              : (in ${owner})
      name          : 'read'
      type          : '()V'
      access        : ${access}
      code          -
`;
const call = (kind: string, to: string): string =>
  `00710c: 7010 f102 0000                         |0002: ${kind} {v0, v1}, ${to} // method@02f1\n`;

const OURS = HEAD + classOf('Lcn/bianmin/box/BoxApplication$1;');

describe('the code of a package', () => {
  it('is read from what dexdump says', () => {
    const dump = parseDexDump(
      [
        OURS,
        classOf('Lcn/bianmin/box/Config;'),
        methodOf('Lcn/bianmin/box/Config;', '0x0101 (PUBLIC NATIVE)'),
        methodOf('Lcn/bianmin/box/Config;', '0x0001 (PUBLIC)'),
        call('invoke-direct', 'Ljava/lang/Object;.<init>:()V'),
        call('invoke-virtual/range', 'Landroid/webkit/WebView;.loadUrl:(Ljava/lang/String;)V'),
        call('invoke-virtual', '[B.clone:()Ljava/lang/Object;'),
      ].join(''),
    );
    expect(dump).toEqual({
      version: '035',
      classes: ['cn.bianmin.box.BoxApplication$1', 'cn.bianmin.box.Config'],
      calls: new Set(['java.lang.Object.<init>', 'android.webkit.WebView.loadUrl']),
      natives: ['cn.bianmin.box.Config.read'],
    });
    expect(faultsOfDex(dump)).toEqual(['cn.bianmin.box.Config.read is native.']);
  });

  it('is none where dexdump could not open it', () => {
    expect(() => parseDexDump("Processing 'box.apk'...\nFailure to verify dex file")).toThrow('no code');
  });

  it('calls the platform as the shell does, and its own', () => {
    const calls = [
      'Lcn/bianmin/box/store/DurableFile;.read:()[B',
      'Ljava/lang/Class;.getName:()Ljava/lang/String;',
      'Ljava/lang/Thread;.start:()V',
      'Lorg/json/JSONObject;.quote:(Ljava/lang/String;)Ljava/lang/String;',
      'Landroid/hardware/usb/UsbManager;.requestPermission:()V',
    ].map((to) => call('invoke-virtual', to));
    expect(faultsOfDex(parseDexDump(OURS + calls.join('')))).toEqual([]);
  });

  it.each([
    'Ljava/lang/Runtime;.exec',
    'Ljava/lang/ProcessBuilder;.start',
    'Ljava/lang/System;.loadLibrary',
    'Ljava/lang/Class;.forName',
    'Ljava/lang/Class;.getDeclaredMethods',
    'Ljava/lang/reflect/Method;.invoke',
    'Ljava/lang/ClassLoader;.loadClass',
    'Ldalvik/system/DexClassLoader;.<init>',
    'Landroid/util/Log;.d',
    'Ljava/lang/Throwable;.getMessage',
    'Landroid/webkit/SslErrorHandler;.proceed',
    'Ljavax/net/ssl/HttpsURLConnection;.setHostnameVerifier',
    'Landroid/telephony/TelephonyManager;.getDeviceId',
    'Lcn/bianmin/boxes/Other;.run',
    'Lorg/json/more/Other;.run',
  ])('does not call %s', (to) => {
    const text = OURS + call('invoke-virtual', `${to}:()V`);
    const name = to.slice(1).replace(';', '').replaceAll('/', '.');
    expect(faultsOfDex(parseDexDump(text))).toEqual([`${name} is called.`]);
  });

  it('has no class but the shell’s', () => {
    const text = OURS + classOf('Lcom/example/Ad;') + classOf('Lcn/bianmin/boxed/A;');
    expect(faultsOfDex(parseDexDump(text))).toEqual([
      'cn.bianmin.boxed.A is not ours.',
      'com.example.Ad is not ours.',
    ]);
  });
});
