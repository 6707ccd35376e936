import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { catalogue } from '../../../../src/app/catalogue.ts'
import { importEnvironment } from '../../../../src/app/environment/env-import.ts'
import { importLabgrid } from '../../../../src/environment/labgrid/import.ts'
import { showEnvironment } from '../../../../src/environment/show-environment.ts'
import { check, writeFiles, type Files } from '../../../support/environment-files.ts'

const variables = { HOME: '/home/me', LG_BUILDDIR: '/build', LG_RELATIVE: 'out' }
const options = { catalogue, variables, strategies: ['barebox', 'uboot', 'direct'] }

const labgrid = `targets:
  virt:
    drivers:
      QEMUDriver:
        qemu_bin: qemu
        machine: virt
        cpu: cortex-a57
        memory: 1G
        bios: built
        dtb: beside
        extra_args: -name 'a \${board}'
      BareboxDriver: { prompt: 'barebox@[^:]+:[^ ]+\$ ' }
      ShellDriver: { prompt: '# ', login_prompt: ' login: ', username: root, password: geheim }
      BareboxTestStrategy: {}
    features: [testfs]
  bench:
    resources:
      RawSerialPort: { port: ttyUSB0 }
    drivers:
      SerialDriver: {}
      ManualPowerDriver: {}
images:
  built: !template '$LG_BUILDDIR/barebox.img'
  beside: !template '$BASE/dts/virt.dtb'
  other: !template '$LG_RELATIVE/barebox.img'
tools: { qemu: ../bin/qemu-system-aarch64 }
imports: [strategy.py]
`

async function importInto(files: Files, output: string) {
  const file = files.path('labs/labgrid.yaml')
  const text = await readFile(file, 'utf8')
  return importLabgrid({ file, text, variables, directory: dirname(files.path(output)) })
}

async function resolved(files: Files, name: string): Promise<string> {
  const { environment, problems } = await check(files, name, options)
  assert.deepEqual(problems, [])
  assert.ok(environment !== undefined)
  assert.equal(environment.remarks.length, name.endsWith('labgrid.yaml') ? 1 : 0)
  return showEnvironment(environment, variables).split('\n').slice(1).join('\n')
}

describe('An environment of labgrid that is imported', () => {
  for (const output of ['env/ours.yaml', 'labs/ours.yaml', 'ours.yaml']) {
    it(`comes to the same as ${output}`, async () => {
      await using files = await writeFiles({ 'labs/labgrid.yaml': labgrid, [output]: '' })
      const imported = await importInto(files, output)
      assert.ok(imported !== undefined)
      await writeFile(files.path(output), imported.yaml)
      const [ours, theirs] = [await resolved(files, output), await resolved(files, 'labs/labgrid.yaml')]
      assert.equal(ours, theirs)
    })
  }

  it('keeps its variables and its relative paths, and says in comments what it does not keep', async () => {
    await using files = await writeFiles({ 'labs/labgrid.yaml': labgrid })
    const { yaml = '' } = (await importInto(files, 'env/ours.yaml')) ?? {}
    assert.match(yaml, /firmware: \$\{LG_BUILDDIR\}\/barebox\.img\n/)
    assert.match(yaml, /dtb: \.\.\/labs\/dts\/virt\.dtb\n/)
    assert.ok(yaml.includes(`binary: ${files.path('bin/qemu-system-aarch64')}\n`))
    assert.match(yaml, /^# Made of \.\.\/labs\/labgrid\.yaml, an environment of labgrid\.$/m)
    assert.match(yaml, /^# \.\.\/labs\/labgrid\.yaml:14:7: BareboxTestStrategy is Python/m)
    assert.match(yaml, /architecture: unknown # labgrid does not say/)
    assert.match(yaml, /power: manual\n/)
  })

  it('is none where the file is ours', () => {
    const text = 'boards: { r1: { architecture: arm64, machine: simulator } }\n'
    assert.equal(importLabgrid({ file: '/lab.yaml', text, variables, directory: '/' }), undefined)
  })

  it('overwrites no file, and is refused where there is nothing to import', async () => {
    const labgridFile = labgrid.replaceAll(/!template '\$LG_\w+/g, "!template '$BASE")
    await using files = await writeFiles({
      'lab.yaml': labgridFile,
      'there.yaml': 'mine',
      'ours.yaml': 'boards: { r1: { architecture: arm64, machine: simulator } }\n',
    })
    await assert.rejects(importEnvironment('lab.yaml', 'there.yaml', files.directory), {
      code: 'environment.not-written',
      message: 'there.yaml is there already: name another file, or take it away',
    })
    assert.equal(await readFile(files.path('there.yaml'), 'utf8'), 'mine')
    await assert.rejects(importEnvironment('ours.yaml', undefined, files.directory), {
      code: 'environment.not-labgrid',
    })
  })
})
