import { SetupError } from './failure.mjs'

/**
 * A span of time that an environment variable gives in minutes.
 *
 * @param {NodeJS.ProcessEnv} environment
 * @param {string} name
 * @param {number} byDefault
 * @returns {number} ms; Infinity for 0, which is no limit
 */
export function minutesFrom(environment, name, byDefault) {
  const value = environment[name] || String(byDefault)
  if (!/^\d+(\.\d+)?$/.test(value)) throw new SetupError(`${name} is "${value}": write a number of minutes.`)
  return Number(value) === 0 ? Infinity : Number(value) * 60_000
}

/** @param {number} ms */
export function inWords(ms) {
  return ms < 60_000 ? `${Math.round(ms / 100) / 10} s` : `${Math.round(ms / 6000) / 10} min`
}
