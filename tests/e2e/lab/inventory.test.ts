import assert from 'node:assert/strict'
import { makeBench } from '../../support/simulated-bench.ts'

/** Forty boards of a lab, as somebody would write them down. */
const inventory = `templates:
  rock3a:
    architecture: arm64
    compatible: 'radxa,rock3a'
    tags: [rock3a, '\${board.rack}']
    power: { driver: pdudaemon, url: 'http://pdu-\${board.rack}:16421', pdu: pdu1, port: '\${board.outlet}' }
    console: { driver: rfc2217, host: 'serial-\${board.rack}', port: '\${board.port}', baud: 1500000 }
    bootloader: barebox
    boot: { source: mmc0 }
boards:
${Array.from({ length: 40 }, (_, index) => {
  const rack = index < 20 ? 'north' : 'south'
  const more = index % 10 === 0 ? ', tags: [rock3a, nvme]' : ''
  return `  rock-${index + 1}: { template: rock3a, with: { rack: ${rack}, outlet: ${index + 1}, port: ${7001 + index} }${more} }\n`
}).join('')}`

describe('The inventory of a lab', function () {
  this.timeout(60_000)

  it('is one file of at most 120 lines for 40 boards, which environments include and choose from', async () => {
    assert.ok(inventory.split('\n').length <= 120)
    await using bench = await makeBench({
      'env/lab.yaml': inventory,
      'env/mine.yaml': `extends: lab.yaml
defaults: { after: as-is }
boards:
  spare: { architecture: arm64, machine: simulator, bootloader: barebox, tags: [south, spare] }
`,
      'a.spec.ts': `import { useBoard } from 'hil'
describe('suite', () => {
  useBoard({ state: 'bootloader' })
  it('works', () => {})
})
`,
    })
    assert.match((await bench.hil(['env', 'check', 'env/mine.yaml'])).stdout, /ok, 41 boards/)
    const run = await bench.hil(['run', 'a.spec.ts', '--env', 'mine', '--tag', 'south', '--tag', 'spare'])
    assert.equal(run.exitCode, 0, run.stdout)
    assert.deepEqual(
      (await bench.summary()).boards.map(({ name }) => name),
      ['spare'],
    )
    const wrong = await bench.hil(['run', 'a.spec.ts', '--env', 'mine', '--tag', 'nvm'])
    assert.equal(wrong.exitCode, 2)
    assert.match(wrong.stderr, /no board of env\/mine\.yaml has the tags nvm; did you mean "nvme"\?/)
  })
})
