import assert from 'node:assert/strict'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { execa } from 'execa'
import { packCpio, type CpioItem } from '../../../src/codecs/cpio/index.ts'
import { runHil } from '../../support/run-hil.ts'

const directory = (path: string): CpioItem => ({ path, type: 'directory' })
const file = (path: string, text: string): CpioItem => ({ path, type: 'file', data: Buffer.from(text) })

const link = (path: string, target: string): CpioItem => ({ path, type: 'symlink', target })

/** An initramfs whose modules come in a member of their own. */
const initramfs = Buffer.concat([
  await packCpio([
    directory('usr'),
    directory('usr/lib'),
    link('lib', 'usr/lib'),
    file('init', 'first'),
    file('usr/lib/libc.so', 'libc'),
    { path: 'null', type: 'character-device', major: 1, minor: 3 },
  ]),
  gzipSync(
    await packCpio([
      directory('usr/lib/modules'),
      file('usr/lib/modules/dummy.ko', 'module'),
      file('init', 'last'),
    ]),
  ),
])

describe('the initramfs of a payload', () => {
  let cwd: string
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'hil-extract-'))
    writeFileSync(join(cwd, 'initrd'), initramfs)
  })
  afterEach(() => {
    rmSync(cwd, { recursive: true })
  })

  const extract = (...words: readonly string[]) => runHil(['payload', 'extract', ...words], { cwd })
  const read = (path: string) => readFileSync(join(cwd, path), 'utf8')

  it('is listed as the kernel unpacks it', async () => {
    const { exitCode, stdout } = await runHil(['payload', 'ls', 'initrd'], { cwd })
    assert.equal(exitCode, 0)
    assert.match(stdout, /^-0644 +4 \/init$/m)
    assert.match(stdout, /^l0777 +\/lib -> usr\/lib$/m)
    assert.match(stdout, /^-0644 +6 \/usr\/lib\/modules\/dummy\.ko$/m)
  })

  it('is unpacked as the kernel does: the last one wins, and links lead inside', async () => {
    const { exitCode, stdout } = await extract('initrd', '-o', 'out')
    assert.equal(exitCode, 0, stdout)
    assert.equal(read('out/init'), 'last')
    assert.equal(read('out/usr/lib/modules/dummy.ko'), 'module')
    assert.equal(read('out/lib/modules/dummy.ko'), 'module')
    assert.match(stdout, /^left out: \/null \(character device\)$/m)
  })

  it('is unpacked in part, with the directories on the way', async () => {
    const { exitCode } = await extract('initrd', '/usr/lib/modules', '-o', 'out')
    assert.equal(exitCode, 0)
    assert.deepEqual(readdirSync(join(cwd, 'out', 'usr', 'lib')), ['modules'])
    assert.equal(read('out/usr/lib/modules/dummy.ko'), 'module')
    assert.deepEqual(readdirSync(join(cwd, 'out')), ['usr'])
  })

  it('is what GNU cpio unpacks, modes and hard links too', async () => {
    mkdirSync(join(cwd, 'tree', 'bin'), { recursive: true })
    writeFileSync(join(cwd, 'tree', 'bin', 'busybox'), 'busybox', { mode: 0o755 })
    writeFileSync(join(cwd, 'tree', 'secret'), 'hidden', { mode: 0o600 })
    symlinkSync('busybox', join(cwd, 'tree', 'bin', 'sh'))
    await execa('ln', ['bin/busybox', 'bin/ash'], { cwd: join(cwd, 'tree') })
    await execa({ cwd: join(cwd, 'tree'), shell: true })`find . | cpio --quiet -o -H newc > ../gnu.cpio`
    assert.equal((await extract('gnu.cpio', '/bin', '/secret', '-o', 'ours')).exitCode, 0)
    await execa('diff', ['-r', '--no-dereference', 'tree', 'ours'], { cwd })
    assert.equal(statSync(join(cwd, 'ours/bin/busybox')).mode & 0o777, 0o755)
    assert.equal(statSync(join(cwd, 'ours/secret')).mode & 0o777, 0o600)
    assert.equal(statSync(join(cwd, 'ours/bin/ash')).ino, statSync(join(cwd, 'ours/bin/busybox')).ino)
  })

  /** Our own writer makes no such archives. */
  const hostile = {
    'an absolute path': [file('.tmp/owned', 'x'), '.tmp/owned', '/tmp/owned'],
    'a path through ".."': [file('up/owned', 'x'), 'up/owned', '../owned'],
    'a path through a link': [file('lob/owned', 'x'), 'lob/owned', 'lib/owned'],
  } as const
  for (const [what, [item, ours, theirs]] of Object.entries(hostile)) {
    it(`is not unpacked at all where it has ${what}`, async () => {
      const archive = Buffer.from(await packCpio([file('init', 'x'), link('lib', '..'), item]))
      archive.write(theirs, archive.indexOf(ours))
      writeFileSync(join(cwd, 'hostile'), archive)
      const { exitCode, stderr } = await extract('hostile', '-o', 'out')
      assert.equal(exitCode, 2)
      assert.match(stderr, /owned" is not extracted: it /)
      assert.deepEqual(readdirSync(cwd).sort(), ['hostile', 'initrd'])
    })
  }

  it('is not unpacked over what is there, and names a file that it has not', async () => {
    const over = await extract('initrd', '-o', '.')
    assert.equal(over.exitCode, 2)
    assert.match(over.stderr, /is not empty: name another directory/)
    const missing = await extract('initrd', '/usr/lib/libc.sp', '-o', 'out')
    assert.equal(missing.exitCode, 2)
    assert.match(missing.stderr, /has no \/usr\/lib\/libc\.sp; did you mean "usr\/lib\/libc\.so"\?/)
  })
})
