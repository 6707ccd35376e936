import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runTool } from '../../unit/codecs/oracle.ts'
import { recordTftpPackets } from '../fuzz/record-tftp-packets.ts'

/**
 * Writes `tests/fixtures/fuzz`: what dtc, mkimage, cpio, compressors and TFTP clients make, small enough
 * that a mutation hits something that matters. Run it as root, in a user name space for one
 * (`unshare -r`): the archives hold device nodes.
 */
const target = fileURLToPath(new URL('../../fixtures/fuzz/', import.meta.url))
const work = mkdtempSync(join(tmpdir(), 'hil-corpus-'))
const environment = { SOURCE_DATE_EPOCH: '1700000000', TZ: 'UTC', LC_ALL: 'C' }
try {
  makeTrees()
  makeFits()
  makeArchives()
  keep('tftp.json', await recordTftpPackets(work))
} finally {
  rmSync(work, { recursive: true })
}

function keep(path: string, content: Uint8Array): void {
  mkdirSync(dirname(join(target, path)), { recursive: true })
  writeFileSync(join(target, path), content)
}

function makeTrees(): void {
  const board = `/dts-v1/;
/memreserve/ 0x80000000 0x10000;
/ {
  compatible = "acme,board-rev2", "acme,board";
  model = "Acme Board";
  #address-cells = <2>;
  #size-cells = <1>;
  chosen { stdout-path = "serial0:115200n8"; };
  soc: soc {
    #address-cells = <1>;
    #size-cells = <1>;
    ranges = <0x0 0x0 0x9000000 0x1000000>;
    intc: interrupt-controller@0 { reg = <0x0 0x1000>; interrupt-controller; #interrupt-cells = <3>; };
    uart0: serial@1000 { reg = <0x1000 0x100>; interrupt-parent = <&intc>; interrupts = <0 33 4>; };
  };
};
`
  const overlay = `/dts-v1/;
/plugin/;
&uart0 { status = "okay"; sensor: sensor { compatible = "acme,sensor"; phandle-of = <&sensor>; }; };
&{/soc} { led { sensors = <&sensor>; gpios = <&intc 1 2 3>; }; };
`
  const dtc = (...args: string[]) => ['-q', '-I', 'dts', '-O', 'dtb', ...args]
  keep('fdt/plain.dtb', runTool('dtc', dtc(), { input: board }))
  keep('fdt/labels.dtb', runTool('dtc', dtc('-@'), { input: board }))
  keep('fdt/spare-room.dtb', runTool('dtc', dtc('-p', '64', '-R', '4'), { input: board }))
  keep('fdt/version-16.dtb', runTool('dtc', dtc('-V', '16'), { input: board }))
  keep('fdt/overlay.dtbo', runTool('dtc', dtc('-@'), { input: overlay }))
}

function makeFits(): void {
  writeFileSync(join(work, 'kernel'), 'a kernel, as good as any '.repeat(20))
  const tree = '/dts-v1/; / { compatible = "acme,board"; model = "Acme Board"; };'
  writeFileSync(join(work, 'tree'), runTool('dtc', ['-I', 'dts', '-O', 'dtb'], { input: tree }))
  runTool('gzip', ['-nk9', 'kernel'], { cwd: work })
  const algorithms = ['crc32', 'md5', 'sha1', 'sha256', 'sha384', 'sha512']
  const hashes = algorithms.map((algo, index) => `hash-${index + 1} { algo = "${algo}"; };`).join(' ')
  const its = `/dts-v1/;
/ {
  description = "made by mkimage";
  #address-cells = <1>;
  images {
    kernel {
      description = "Linux"; type = "kernel"; arch = "arm64"; os = "linux"; compression = "gzip";
      data = /incbin/("kernel.gz"); load = <0x40200000>; entry = <0x40200000>; ${hashes}
    };
    ramdisk { type = "ramdisk"; arch = "arm64"; os = "linux"; compression = "none"; data = [30 37 30 37]; };
    fdt-1 { type = "flat_dt"; arch = "arm64"; compression = "none"; data = /incbin/("tree"); hash-1 { algo = "crc32"; }; };
  };
  configurations {
    default = "conf-1";
    conf-1 { kernel = "kernel"; ramdisk = "ramdisk"; fdt = "fdt-1"; };
    conf-2 { compatible = "acme,other"; kernel = "kernel"; fdt = "fdt-1", "fdt-1"; loadables = "ramdisk"; };
  };
};
`
  writeFileSync(join(work, 'fit.its'), its)
  const layouts = { 'data-inside': [], 'data-behind': ['-E'], 'data-at-position': ['-E', '-p', '0x1000'] }
  for (const [name, options] of Object.entries(layouts)) {
    runTool('mkimage', [...options, '-f', 'fit.its', 'fit'], { cwd: work, env: environment })
    keep(`fit/${name}.itb`, readFileSync(join(work, 'fit')))
  }
}

function makeArchives(): void {
  const script = `
    mkdir -p root/dev root/bin root/lib/modules && cd root
    printf 'a program' > bin/busybox && chmod 4755 bin/busybox && ln bin/busybox bin/sh
    ln -s busybox bin/ls && ln -s ../bin lib/away && ln -s / lib/root && ln -s loop loop
    mknod dev/console c 5 1 && mkfifo dev/pipe && printf '#!/bin/sh\\n' > init && chmod 755 init
    find . -exec touch -h -d @1700000000 {} +
  `
  runTool('sh', ['-ec', script], { cwd: work })
  const tree = join(work, 'root')
  const names = runTool('sh', ['-c', 'find . | sort'], { cwd: tree, env: environment })
  const pack = (format: string) =>
    runTool('cpio', ['--quiet', '--reproducible', '-R', '0:0', '-o', '-H', format], {
      cwd: tree,
      input: names,
    })
  const newc = pack('newc')
  keep('cpio/newc.cpio', newc)
  keep('cpio/crc.cpio', pack('crc'))
  const modules = runTool('cpio', ['--quiet', '--reproducible', '-R', '0:0', '-o', '-H', 'newc'], {
    cwd: tree,
    input: './lib\n./lib/modules\n./init\n',
  })
  const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(4 + ((4 - (bytes.length % 4)) % 4))])
  const compressors: Record<string, [string, ...string[]]> = {
    gzip: ['gzip', '-n9c'],
    bzip2: ['bzip2', '-c'],
    xz: ['xz', '--check=crc32', '-c'],
    lzma: ['lzma', '-c'],
    zstd: ['zstd', '-q', '-c'],
    lz4: ['lz4', '-l', '-q', '-c'],
    lzo: ['lzop', '-c'],
  }
  for (const [name, [tool, ...args]] of Object.entries(compressors)) {
    keep(`initramfs/${name}.img`, Buffer.concat([padded(runTool(tool, args, { input: newc })), modules]))
  }
  const early = runTool('cpio', ['--quiet', '--reproducible', '-o', '-H', 'newc'], {
    cwd: tree,
    input: './init\n',
  })
  const main = runTool('gzip', ['-n9c'], { input: newc })
  keep('initramfs/three-members.img', Buffer.concat([padded(early), padded(main), padded(modules), main]))
}
