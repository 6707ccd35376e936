import { faultPoints, faultSchema, type Fault } from './schema.ts'

/** Every kind of fault, at every point at which it can strike. */
export function everyFault(): readonly Fault[] {
  return [
    ...['silent', 'hang', 'reset', 'disconnect', 'panic', 'flood'].flatMap((name) =>
      faultPoints.map((at) => ({ name, at, ...(name === 'flood' && { bytes: 300_000 }) })),
    ),
    ...['garble', 'drop'].flatMap((name) => [
      { name, rate: 0.001 },
      { name, rate: 0.2 },
      { name, rate: 0.02, direction: 'to-board' },
    ]),
    ...['lies', 'hangs', 'refuses'].flatMap((how) =>
      ['on', 'off', 'state'].map((action) => ({ name: 'power', how, action })),
    ),
    { name: 'printk' },
    { name: 'slow-prompt' },
    { name: 'double-prompt' },
  ].map((fault) => faultSchema.parse(fault))
}
