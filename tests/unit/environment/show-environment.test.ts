import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import { showEnvironment } from '../../../src/environment/show-environment.ts'
import { check, writeFiles, type Files } from '../../support/environment-files.ts'

const lab = `boards:
  r2:
    architecture: arm64
    compatible: radxa,rock3a
    power: { driver: command, on: "curl \${PDU_TOKEN}/on $\${x}", off: b, timeout: 1500ms }
    console: { driver: serial, port: port, char-delay: 2ms }
    bootloader: { driver: barebox, interrupt-key: ctrl-d }
    shell: { password: { env: ROOT_PASSWORD } }
    boot: { payload: { kernel: Image, initrd: { busybox: bb } } }
    network: { tftp: { directory: d, address: host } }
    timeouts: { states: { shell: 2min } }
  10:
    architecture: arm64
    network: { tftp: { embedded: { port: 6969 } } }
    machine: { driver: simulator, files: { /Etc/Abc: x }, faults: [{ fault: garbled, every-bytes: 5 }] }
`
const variables = { HOME: '/home/me', PDU_TOKEN: 's3cr3t-token', ROOT_PASSWORD: 'hunter2' }

async function load(files: Files, name: string, values = variables) {
  const { environment, problems } = await check(files, name, { variables: values })
  assert.deepEqual(problems, [])
  return environment ?? assert.fail()
}

describe('A resolved environment that is shown', () => {
  it('has units, kebab-case, absolute paths, and its boards in order', async () => {
    await using files = await writeFiles({ 'lab.yaml': lab })
    const shown = showEnvironment(await load(files, 'lab.yaml'), variables)
    assert.match(shown, /^# resolved from .*lab\.yaml\nboards:\n {2}r2:\n/)
    assert.match(shown, /timeout: 1500ms\n/)
    assert.match(shown, /interrupt-key: ctrl-d\n/)
    assert.match(shown, /shell: 2min\n/)
    assert.match(shown, /boot-delay: 1s\n/)
    assert.match(shown, /\/Etc\/Abc: x\n/)
    assert.ok(shown.includes(`kernel: ${files.path('Image')}\n`))
    assert.ok(shown.indexOf('  r2:') < shown.indexOf('  "10":'))
  })

  it('holds references to secrets, and no secret', async () => {
    await using files = await writeFiles({ 'lab.yaml': lab })
    const shown = showEnvironment(await load(files, 'lab.yaml'), variables)
    assert.match(shown, /password:\n {8}env: ROOT_PASSWORD\n/)
    assert.match(shown, /on: curl •••\/on/)
    assert.doesNotMatch(shown, /hunter2|s3cr3t/)
  })

  it('masks text where a reference to a secret could stand', async () => {
    await using files = await writeFiles({
      'lab.yaml': lab.replace('ctrl-d }', 'ctrl-d, stop-text: "open sesame" }'),
    })
    const shown = showEnvironment(await load(files, 'lab.yaml'), variables)
    assert.match(shown, /stop-text: •••\n/)
    assert.doesNotMatch(shown, /sesame/)
  })

  it('can be read again and is the same', async () => {
    await using files = await writeFiles({ 'lab.yaml': lab })
    const { boards } = await load(files, 'lab.yaml')
    await using again = await writeFiles({ 'lab.yaml': showEnvironment(await load(files, 'lab.yaml'), {}) })
    const reread = await load(again, 'lab.yaml')
    assert.ok(isDeepStrictEqual(reread.boards, boards))
  })
})
