import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { execa } from 'execa'
import type { Missing } from '../../scripts/setup/failure.mjs'
import { packages } from '../../scripts/setup/packages.mjs'

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
  // What a file proves to be there can't be hidden by another PATH.
  const tools = packages.filter(
    ({ group, proof }) => group === 'tests' && !(isAbsolute(proof) && existsSync(proof)),
  )

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hil-test-'))
    await mkdir(join(directory, 'bin'))
    // Root on the outside or not: in here there is a way to become it.
    await addProgram('sudo', 'shift; exec "$@"')
    await symlink('/usr/bin/env', join(directory, 'bin', 'env'))
  })
  afterEach(() => rm(directory, { recursive: true }))

  async function addProgram(name: string, script: string) {
    const file = join(directory, 'bin', name)
    await writeFile(file, `#!/bin/sh\n${script}\n`)
    await chmod(file, 0o755)
  }

  /** An apt-get that notes its commands, and does `install` for the one of that name. */
  async function addAptGet(install: string) {
    const giveEverything = tools.map(({ proof }) => `give ${proof}`).join('\n')
    await addProgram(
      'apt-get',
      `give() { printf '#!/bin/sh\n' >$HERE/bin/$1; /bin/chmod +x $HERE/bin/$1; }
      give_everything() { ${giveEverything}
      }
      while case $1 in -*) true;; *) false;; esac; do shift; done
      echo "$*" >>$HERE/calls
      case $1 in install) ${install};; esac`,
    )
  }

  async function aptCalls() {
    return (await readFile(join(directory, 'calls'), 'utf8')).trim().split('\n')
  }

  /** What one step of set-up returns where PATH holds only this test's programs. */
  async function runStep(module: string, call: string) {
    const { stdout } = await execa({
      env: { PATH: join(directory, 'bin'), XDG_CACHE_HOME: join(directory, 'cache'), HERE: directory },
    })(process.execPath, [
      '--input-type=module',
      `--eval=import * as step from './scripts/setup/${module}.mjs'
      console.log('\\n' + JSON.stringify(await step.${call}))`,
    ])
    return JSON.parse(stdout.split('\n').at(-1) ?? '') as readonly Missing[]
  }

  const installTools = () => runStep('apt-packages', `installPackages(['tests'])`)

  it('names what is missing and the reason when there is no apt-get', async () => {
    const [missing, ...others] = await installTools()
    assert.deepEqual(others, [])
    assert.ok(missing)
    assert.deepEqual(
      missing.what,
      tools.map(({ name }) => name),
    )
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
    await addAptGet('give_everything')
    assert.deepEqual(await installTools(), [])
    assert.deepEqual(await aptCalls(), [`install ${tools.map(({ name }) => name).join(' ')}`])
  })

  it('does nothing at all the second time', async () => {
    await addAptGet('give_everything')
    await installTools()
    assert.deepEqual(await installTools(), [])
    assert.equal((await aptCalls()).length, 1)
  })

  it('fetches the package lists after a failure and tries again', async () => {
    await addAptGet('if [ -e $HERE/tried ]; then give_everything; else : >$HERE/tried; exit 100; fi')
    assert.deepEqual(await installTools(), [])
    const commands = (await aptCalls()).map((call) => call.split(' ')[0])
    assert.deepEqual(commands, ['install', 'update', 'install'])
  })

  it('gives up where HIL_SETUP_MINUTES sets a limit, and says what still runs', async () => {
    await addAptGet('while [ -e $HERE ]; do /bin/sleep 0.1; done')
    const { exitCode, stderr } = await execa({
      reject: false,
      env: {
        PATH: join(directory, 'bin'),
        XDG_CACHE_HOME: join(directory, 'cache'),
        HERE: directory,
        HIL_SETUP_MINUTES: '0.05',
      },
    })(process.execPath, ['scripts/setup.mjs'])
    assert.equal(exitCode, 1)
    assert.match(stderr, /^Set-up did not end within 3 s\. Running is:\n {2}\S/)
  })

  it('installs the others when a package cannot be had, and gives the command to type', async () => {
    await addAptGet(`case "$*" in
      *ser2net*) echo 'E: Unable to locate package ser2net'; exit 100;;
      *) give_everything; /bin/rm $HERE/bin/ser2net;;
    esac`)
    assert.deepEqual(await installTools(), [
      {
        what: ['ser2net'],
        reason: 'apt-get said "Unable to locate package ser2net"',
        fix: 'sudo apt-get update && sudo apt-get install --no-install-recommends ser2net',
      },
    ])
  })
})
