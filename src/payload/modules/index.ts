export { AliasTable, normalizeAlias } from './alias-table.ts'
export { boardModules, commonModules } from './board-modules.ts'
export { moduleIndexFiles } from './index-files.ts'
export { isModulePath, moduleName, normalizeName, readModuleInfo, type ModuleInfo } from './module-info.ts'
export { ModuleSet, softDependencies } from './module-set.ts'
export type { BuiltinFacts, Closure, MissingModule, PlacedModule } from './module-set.ts'
export {
  hiddenModules,
  parseBuiltinAliases,
  parseModulePaths,
  parseModulesAlias,
  parseModulesDep,
  releaseOfPath,
} from './parse-indexes.ts'
export { stripDebug } from './strip.ts'
