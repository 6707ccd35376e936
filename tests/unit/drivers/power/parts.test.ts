import assert from 'node:assert/strict'
import { join } from 'node:path'
import { checkEnvironments } from '../../../../src/app/environment/environments.ts'
import { catalogue } from '../../../../src/app/catalogue.ts'
import { checkEnvironment } from '../../../../src/environment/load-environment.ts'
import { showEnvironment } from '../../../../src/environment/show-environment.ts'
import { writeFiles, type Files } from '../../../support/environment-files.ts'

const bench = (rails: readonly string[]) => `boards:
  r1:
    architecture: arm64
    power:
      driver: sequence
      rails:
${rails.map((rail) => `        - power: ${rail}\n`).join('')}    console: { driver: tcp, host: lab, port: 2001 }
`

const check = (files: Files) =>
  checkEnvironment(join(files.directory, 'bench.yaml'), {
    catalogue,
    strategies: ['direct'],
    cwd: files.directory,
  })

describe('A power switch that is part of another', () => {
  it('is checked as if it stood alone, at its place', async () => {
    const rails = [
      '{ driver: sispmctl, outlet: 3, timout: 3s }',
      '{ driver: gude, url: http://10.0.0.4, port: 2, password: geheim }',
      '{ driver: shely, switch: 1 }',
      '{ outlet: 2 }',
      '{ driver: apc, host: pdu1 }',
    ]
    await using files = await writeFiles({ 'bench.yaml': bench(rails) })
    const { problems } = await check(files)
    const names = 'there are apc, command, '
    for (const [index, [line, expected]] of (
      [
        [7, 'unknown key "timout"; did you mean "timeout"?'],
        [8, '"password" is written out; expected a reference'],
        [9, `"shely" is no power driver; ${names}`],
        [10, `it names no "driver"; ${names}`],
        [11, '"outlet" is missing'],
      ] as const
    ).entries()) {
      assert.equal(problems[index]?.line, line)
      assert.ok(problems[index]?.message.includes(expected), problems[index]?.message)
    }
    assert.match(problems[2]?.message ?? '', /did you mean "shelly"\?$/)
    assert.equal(problems.length, 5)
  })

  it("has its own options and nobody else's: a port may be a path for one and a number for another", async () => {
    const rails = [
      '{ driver: lcus, port: tty1, reads-back: true }',
      '{ driver: gude, url: http://10.0.0.4, port: "2" }',
    ]
    await using files = await writeFiles({ 'bench.yaml': bench(rails) })
    const { problems } = await check(files)
    // Neither made a path of, nor taken for one.
    assert.deepEqual(
      problems.map(({ message }) => message),
      ['"port" is "2"; expected a number'],
    )
    await using right = await writeFiles({ 'bench.yaml': bench([rails[0] ?? '']) })
    const { environment } = await check(right)
    assert.ok(environment)
    assert.ok(showEnvironment(environment).includes(`port: ${join(right.directory, 'tty1')}`))
  })

  it('keeps its outlet from others', async () => {
    const outlet = '{ driver: shelly, url: http://Plug7, switch: 1 }'
    await using files = await writeFiles({ 'bench.yaml': bench([outlet]) })
    const { environment } = await check(files)
    const hardware = environment?.boards[0]?.hardware
    assert.ok(hardware !== undefined && 'power' in hardware)
    const { driver, options } = hardware.power
    assert.deepEqual(driver.resources(options), ['outlet:plug7/1'])
  })
})

describe('hil env check', () => {
  it('says which drivers nobody has confirmed yet, parts included', async () => {
    await using files = await writeFiles({
      'bench.yaml': bench(['{ driver: lcus, port: tty1 }', '{ driver: shelly, url: http://plug7 }']),
    })
    const printed: string[] = []
    const write = process.stdout.write.bind(process.stdout)
    process.stdout.write = (text) => printed.push(String(text)) > 0
    try {
      assert.equal(await checkEnvironments([files.path('bench.yaml')], files.directory), 0)
    } finally {
      process.stdout.write = write
    }
    assert.deepEqual(printed, [
      'bench.yaml: ok, 1 board\n',
      '  power "lcus" is unverified: tested with a stand-in of our own for the board\n',
    ])
  })
})
