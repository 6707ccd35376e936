import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'

describe('set-up on an old Node', () => {
  for (const script of ['setup', 'test', 'demo']) {
    it(`of scripts/${script}.mjs is one sentence and exit code 1`, async () => {
      const pretend = `Object.defineProperty(process.versions, 'node', { value: '18.20.8' })`
      const { exitCode, stdout, stderr } = await execa({ reject: false })(process.execPath, [
        `--import=data:text/javascript,${encodeURIComponent(pretend)}`,
        `scripts/${script}.mjs`,
      ])
      assert.equal(exitCode, 1)
      assert.equal(stdout, '')
      assert.match(stderr, /^hil needs Node \S+ or \S+, but \S+ is 18\.20\.8: install a newer one\.$/)
    })
  }
})

describe('set-up with an apt that does not give everything', () => {
  let directory = ''

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hil-test-'))
    await mkdir(join(directory, 'bin'))
    // Root on the outside or not, inside this test apt-get is to be had.
    await program('sudo', 'shift; exec "$@"')
    await symlink('/usr/bin/env', join(directory, 'bin', 'env'))
  })
  afterEach(() => rm(directory, { recursive: true }))

  async function program(name: string, script: string) {
    const file = join(directory, 'bin', name)
    await writeFile(file, `#!/bin/sh\n${script}\n`)
    await chmod(file, 0o755)
  }

  /** What one step of set-up returns where PATH holds only this test's programs. */
  async function runStep(module: string, call: string): Promise<unknown> {
    const script = `import * as step from './scripts/setup/${module}.mjs'; console.log('\\n' + JSON.stringify(await step.${call}))`
    const { stdout } = await execa({
      env: { PATH: join(directory, 'bin'), XDG_CACHE_HOME: join(directory, 'cache') },
    })(process.execPath, ['--input-type=module', '--eval', script])
    return JSON.parse(stdout.split('\n').at(-1) ?? '')
  }

  const installTools = () => runStep('apt-packages', `installPackages(['tests'])`)
  const calls = async () => (await readFile(join(directory, 'calls'), 'utf8')).trim().split('\n')
  const logCall = () =>
    `for word; do case $word in -*) ;; *) printf '%s ' "$word" ;; esac; done >>${directory}/calls; echo >>${directory}/calls`
  const makeProofs = () =>
    `for name in dtc mkimage cpio readelf ser2net socat lz4 zstd xz; do printf '#!/bin/sh\\n' >${directory}/bin/$name; /bin/chmod +x ${directory}/bin/$name; done`

  it('names what is missing and the reason when there is no apt-get', async () => {
    const [missing, ...others] = (await installTools()) as { what: string[]; reason: string; fix: string }[]
    assert.deepEqual(others, [])
    assert.ok(missing)
    assert.ok(missing.what.includes('device-tree-compiler'))
    assert.match(missing.reason, /no apt-get/)
    assert.match(missing.fix, /\bdtc\b/)
  })

  it('says that the kernel cannot be fetched without apt and dpkg-deb', async () => {
    assert.deepEqual(await runStep('debian-arm64', 'fetchDebianArm64()'), [
      {
        what: ['debian-arm64'],
        reason: 'this machine has no apt-get, no apt-cache, no dpkg-deb',
        fix: 'npm run setup',
      },
    ])
  })

  it('installs all at once, without fetching package lists that it does not need', async () => {
    await program('apt-get', `${logCall()}; ${makeProofs()}`)
    assert.deepEqual(await installTools(), [])
    assert.equal((await calls()).length, 1)
    assert.match((await calls())[0] ?? '', /^install device-tree-compiler .*xz-utils$/)
  })

  it('does nothing at all the second time', async () => {
    await program('apt-get', `${logCall()}; ${makeProofs()}`)
    await installTools()
    assert.deepEqual(await installTools(), [])
    assert.equal((await calls()).length, 1)
  })

  it('fetches the package lists after a failure and tries again', async () => {
    await program(
      'apt-get',
      `${logCall()}; if [ -e ${directory}/lists ]; then ${makeProofs()}; else : >${directory}/lists; exit 100; fi`,
    )
    assert.deepEqual(await installTools(), [])
    assert.deepEqual(
      (await calls()).map((call) => call.split(' ')[0]),
      ['install', 'update', 'install'],
    )
  })

  it('installs the others when a package cannot be had, and gives the command to type', async () => {
    const script = `case "$*" in *ser2net*) echo 'E: Unable to locate package ser2net'; exit 100;; *install*) ${makeProofs()}; /bin/rm -f ${directory}/bin/ser2net;; esac`
    await program('apt-get', script)
    assert.deepEqual(await installTools(), [
      {
        what: ['ser2net'],
        reason: 'apt-get said "Unable to locate package ser2net"',
        fix: 'sudo apt-get install --no-install-recommends ser2net',
      },
    ])
  })
})
