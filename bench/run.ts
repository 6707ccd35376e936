import type { Bench, BenchRow } from './bench.ts'
import { bisect } from './bisect.ts'
import { boardCommands } from './board-commands.ts'
import { consoleMatching } from './console-matching.ts'
import { consoleTransfer } from './console-transfer.ts'
import { fit } from './fit.ts'
import { innerLoop } from './inner-loop.ts'
import { kernelLog } from './kernel-log.ts'
import { labgrid } from './labgrid.ts'
import { manyBoards } from './many-boards.ts'
import { nightly } from './nightly.ts'
import { ownTime } from './own-time.ts'
import { race } from './race.ts'
import { rfc2217 } from './rfc2217.ts'
import { sshExec } from './ssh-exec.ts'
import { startUp } from './start-up.ts'
import { tftp } from './tftp.ts'

/**
 * `npm run bench [-- NAME...]`: what hil costs, as ratios to a peer in the same run. Never part of the
 * tests: machines are noisy. Exits 1 when a target is missed.
 */
const benches: readonly Bench[] = [
  consoleMatching,
  kernelLog,
  boardCommands,
  consoleTransfer,
  sshExec,
  startUp,
  ownTime,
  manyBoards,
  nightly,
  fit,
  tftp,
  rfc2217,
  innerLoop,
  bisect,
  labgrid,
  race,
]

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !benches.some((bench) => bench.name === name))
if (unknown.length > 0) {
  console.error(
    `no bench is called ${unknown.join(', ')}; there are ${benches.map(({ name }) => name).join(', ')}`,
  )
  process.exit(2)
}

const rows: BenchRow[] = []
for (const bench of benches.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const reason = await bench.unavailable?.()
  if (reason !== undefined) {
    console.log(`${bench.name}: left out, ${reason}`)
    continue
  }
  const found = await bench.run()
  print(bench.name, found)
  rows.push(...found)
}
const missed = rows.filter(({ met }) => !met)
console.log(`\n${rows.length} measured, ${missed.length} missed their target`)
process.exitCode = missed.length === 0 ? 0 : 1

function print(name: string, found: readonly BenchRow[]): void {
  console.log(`\n${name}`)
  for (const { what, measured, peer, ratio, target, met } of found) {
    const against = peer === undefined ? '' : `, ${peer}`
    const times = ratio === undefined ? '' : ` = ${ratio.toFixed(2)} times`
    console.log(`  ${met ? 'ok    ' : 'MISSED'} ${what}: ${measured}${against}${times} (target: ${target})`)
  }
}
