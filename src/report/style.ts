// The style sheet of the report: system fonts, tokens for light and dark, one or two columns, a print form.
// Invariant: no reference to anything outside, and colours only by token.
import { paintVariables } from './paint.ts';

export function styleSheet(): string {
  return `
:root{${paintVariables('light')};color-scheme:light dark}
@media (prefers-color-scheme:dark){:root{${paintVariables('dark')}}}
*{box-sizing:border-box}
html{scroll-padding-top:3.4rem}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
header.top,main,footer.foot{max-width:1400px;margin:0 auto;padding:0 1rem}
header.top{padding-top:1.4rem}
h1{font-size:1.65rem;line-height:1.2;margin:0 0 .25rem}
h2{font-size:1.3rem;margin:2.4rem 0 .6rem;padding-top:.6rem;border-top:2px solid var(--ink)}
h3{font-size:1.05rem;margin:1.6rem 0 .3rem}
p{margin:.3rem 0 .6rem;max-width:76ch;overflow-wrap:break-word}
a{color:var(--link)}
.lead,.note,.help,.n,.unit{color:var(--muted)}
nav.sections{position:sticky;top:0;z-index:1;background:var(--page);border-bottom:1px solid var(--rule)}
nav.sections ul{display:flex;flex-wrap:wrap;gap:.1rem 1rem;list-style:none;max-width:1400px;margin:0 auto;padding:.55rem 1rem}
nav.sections a{text-decoration:none;font-size:.9rem}
nav.sections a:hover{text-decoration:underline}
a.skip{position:absolute;left:-99rem}
a.skip:focus{left:1rem;top:.4rem;background:var(--page);padding:.3rem .6rem;z-index:2}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(10.5rem,1fr));gap:.7rem;margin:1rem 0;padding:0}
.facts div{background:var(--panel);border-left:3px solid var(--blue);padding:.55rem .8rem}
.facts dt{color:var(--muted);font-size:.82rem}
.facts dd{margin:0;font-size:1.25rem;font-weight:600}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,600px),1fr));gap:1.6rem 1.4rem;align-items:start}
details.fold+.figures,.figures+.figures{margin-top:1.8rem}
figure{margin:0;min-width:0;max-width:680px;break-inside:avoid}
figure h3{margin:.2rem 0 0}
figure .help,figure .n{font-size:.86rem;margin:.1rem 0}
figure svg{display:block;width:100%;height:auto;font-family:inherit;margin-top:.4rem}
figure svg a{text-decoration:none}
figure svg a:hover{opacity:.65}
details{margin:.3rem 0}
p.paper{display:none}
details.fold{margin:.7rem 0}
details.fold>summary{font-size:.98rem;font-weight:600;padding:.35rem .6rem;background:var(--panel)}
.absent{border-left:3px solid var(--orange);padding:.35rem .7rem;background:var(--panel)}
summary{cursor:pointer;font-size:.88rem;color:var(--link);padding:.15rem 0}
details:has(:target)::details-content{content-visibility:visible;block-size:auto}
.table{overflow-x:auto;max-width:100%;margin:.8rem 0 1.2rem;container-type:inline-size}
.table:focus-visible{outline:2px solid var(--link)}
table{border-collapse:collapse;font-size:.86rem;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:.2rem 0 .4rem;font-size:.9rem;max-width:100cqi;position:sticky;left:0}
th,td{text-align:left;vertical-align:top;padding:.22rem .7rem .22rem 0;border-bottom:1px solid var(--grid)}
thead th{border-bottom:1.5px solid var(--ink);vertical-align:bottom;font-weight:600}
tbody th{font-weight:400;min-width:8.5rem}
tbody td:nth-child(2):not(.num){min-width:7.5rem}
th.num,td.num{text-align:right;white-space:nowrap}
.indent-1{padding-left:1.2rem}
.unit{display:block;font-weight:400;font-size:.8rem;white-space:nowrap}
td a,tbody th a{color:inherit;text-decoration:underline;text-decoration-style:dotted;text-decoration-color:var(--rule);text-underline-offset:3px}
td a:hover{color:var(--link)}
:target{outline:2px solid var(--orange);outline-offset:2px}
code{font:.92em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
footer.foot{border-top:1px solid var(--rule);margin-top:3rem;padding-top:.8rem;padding-bottom:2rem;color:var(--muted);font-size:.86rem}
@media print{
:root{${paintVariables('light')};color-scheme:light}
@page{size:A4;margin:13mm 12mm}
body{font-size:9pt;line-height:1.35}
header.top,main,footer.foot{max-width:none;padding:0}
nav.sections,a.skip,details:not([open]),#records:not(:has(details[open])),figure details,figure svg~p{display:none}
summary{list-style:none;color:inherit}
.paper{display:block}
a{color:inherit;text-decoration:none}
h2{margin:7mm 0 2mm}
.facts{grid-template-columns:repeat(7,1fr);gap:2mm;margin:3mm 0}
.facts div{padding:1.2mm 2mm}
.facts dd{font-size:1rem}
.figures{display:block;margin:0}
.figures+.figures,details.fold+.figures{margin-top:0}
figure{display:grid;grid-template-columns:43mm 1fr;grid-template-rows:auto auto 1fr;column-gap:4mm;max-width:none;margin-bottom:5mm}
figure h3,figure .help,figure .n{grid-column:1;font-size:8pt}
figure h3{font-size:9.5pt}
figure svg{grid-column:2;grid-row:1/span 3;width:auto;max-width:100%;max-height:235mm;margin:0}
h2,h3,caption{break-after:avoid}
.table{overflow:visible;margin:2mm 0 4mm}
table{font-size:7.2pt;line-height:1.25;max-width:100%}
tbody th,tbody td:nth-child(2):not(.num){min-width:0}
caption{font-size:8.5pt;break-inside:avoid}
.unit{font-size:6.6pt}
.table:not(:has(tr:nth-of-type(24))){break-inside:avoid}
th,td{padding:.5mm 2mm .5mm 0}
th.num,td.num,th .unit{white-space:normal}
.lead{break-after:avoid}
thead{display:table-header-group}
tr{break-inside:avoid}
thead,tbody tr:first-child{break-after:avoid}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}
`;
}
