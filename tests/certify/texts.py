"""The emitted text of every claim, with the letters' names in it: all that is asked of the translator."""

from __future__ import annotations

from derivations.certify.statement import statement
def text_of(claim):
    said = statement(claim)
    lines=[*said.definitions]
    prop=[]
    if said.declarations: prop.append("forall "+" ".join(said.declarations)+",")
    prop += [f"({h}) ->" for h in said.hypotheses]
    prop.append(" /\\\n".join(f"  ({each})" for each in [said.holds, *said.existing]))
    lines.append("Theorem holds : "+"\n".join(prop)+".")
    return "\n".join(lines), said.letters
