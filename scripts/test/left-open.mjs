import { ChildProcess } from 'node:child_process'

/**
 * What may keep this process from ending, a line each: the program of a child that still runs, what is known
 * of a socket, and for all else its kind.
 *
 * @returns {string[]}
 */
export function leftOpen() {
  return [...process.getActiveResourcesInfo(), ...handles().map(described)]
}

/**
 * Undocumented, and the only way to more than kinds.
 *
 * @returns {Record<string, any>[]}
 */
function handles() {
  return Reflect.get(process, '_getActiveHandles')?.call(process) ?? []
}

/** @param {Record<string, any>} handle */
function described(handle) {
  const kind = handle.constructor.name
  if (handle instanceof ChildProcess) return `${kind} ${handle.pid}: ${handle.spawnargs.join(' ')}`
  const known = ['fd', 'threadId', 'path', 'localPort', 'remotePort', 'bytesRead', 'destroyed', 'listening']
  const facts = known.filter((key) => handle[key] !== undefined).map((key) => `${key} ${handle[key]}`)
  return [kind, ...facts].join(' ')
}
