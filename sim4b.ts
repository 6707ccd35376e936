import { CommitGraph } from '/tmp/wt/srcB/bisect/search/commit-graph.ts'
import { decide } from '/tmp/wt/srcB/bisect/search/decide.ts'
import { isRevert, resultsOf, type Bisection, type CommitResults } from '/tmp/wt/srcB/bisect/search/bisection.ts'
function rng(seed:number){let s=seed*2654435761>>>0||1;return()=>{s^=s<<13;s>>>=0;s^=s>>>17;s^=s<<5;s>>>=0;return s/2**32}}
function history(n:number,r:()=>number,merges:boolean){
  const cs:{id:string,parents:string[]}[]=[]
  for(let i=0;i<n;i++){ 
    if(i===0){cs.push({id:'c0',parents:['good']});continue}
    if(!merges){cs.push({id:`c${i}`,parents:[`c${i-1}`]});continue}
    const heads=[...Array(Math.min(4,i)).keys()].map(k=>i-1-k)
    const a=heads[Math.floor(r()*heads.length)]!
    const ps=[`c${a}`]; if(r()<.3){const b=heads[Math.floor(r()*heads.length)]!; if(b!==a) ps.push(`c${b}`)}
    cs.push({id:`c${i}`,parents:ps})
  }
  // top merges all heads
  const used=new Set(cs.flatMap(c=>c.parents)); const open=cs.filter(c=>!used.has(c.id)).map(c=>c.id)
  if(open.length>1) cs.push({id:`c${n}`,parents:open})
  return cs
}
function simulate(seed:number,{n=100,merges=false,p=1,skips=0,boards=1,change='regression' as 'regression'|'fix',conf=.99}){
  const r=rng(seed)
  const commits=history(n,r,merges); const graph=new CommitGraph(commits); const top=graph.size-1
  const truth=Math.floor(r()*graph.size)
  const broken=new Set<number>(); for(let i=0;i<graph.size-1;i++) if(r()<skips) broken.add(i)
  const parents=new Map(commits.map(c=>[c.id,c.parents]))
  const b:Bisection={search:{graph,change},failingEnd:change==='regression'?graph.idOf(top):'good',passingEnds:[change==='regression'?'good':graph.idOf(top)],confidence:conf,checks:3,patience:200,parentsOf:c=>parents.get(c)??[],revert:true}
  const results=new Map<string,CommitResults>(); let probes=0,rounds=0,searchProbes=0
  for(;;){
    const d=decide(b,results,{running:[],boards})
    if(d.kind==='concluded') return {seed,truth:graph.idOf(truth),c:d.conclusion,probes,rounds,searchProbes,brokenTruth:broken.has(truth),graph}
    if(d.probes.length===0) throw new Error('stuck')
    rounds++; if(probes>5000) throw new Error('endless '+seed)
    for(const {commit,purpose} of d.probes){ probes++; if(purpose==='search')searchProbes++
      const e=resultsOf(results,commit)
      if(isRevert(commit)){results.set(commit,{...e,passes:e.passes+1});continue}
      const i=graph.indexOf(commit)
      if(i!==undefined&&broken.has(i)){results.set(commit,{...e,obstacle:'does not build'});continue}
      const has=i!==undefined&&graph.ancestorsOf(i)[truth]===1
      const bad=(change==='regression')===has
      results.set(commit,bad&&r()<p?{...e,failures:e.failures+1}:{...e,passes:e.passes+1})
    }
  }
}
for (const o of [.05,.1,.2,.3,.4,.6].map(p=>({p,n:60}))){
  let right=0,wrong=0,narrowed=0,honest=0,other=0; let probes=0,sp=0,unsure=0; const t0=Date.now(); const N=Number(process.argv[2]??200)
  for(let s=1;s<=N;s++){ const x=simulate(s,o); probes+=x.probes; sp+=x.searchProbes
    if(x.c.kind==='found'){ if(x.c.commit===x.truth) right++; else {wrong++;} if(!x.c.isSure)unsure++ }
    else if(x.c.kind==='narrowed'){narrowed++; if(x.c.commits.includes(x.truth)) honest++}
    else {other++}
  }
  console.log(JSON.stringify(o),{right,wrong,narrowed,honest,other,unsure,probes:probes/N,search:sp/N,ms:(Date.now()-t0)/N})
}
