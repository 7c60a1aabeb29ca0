"""Sentence frames of the tagged English sentences; tags as in Universal Dependencies."""

NOUN_PHRASES = """
    a | a/DET | a/DET | the/DET | this/DET | that/DET | one/NUM | another/DET
    poss | my/PRON | your/PRON | his/PRON | her/PRON | our/PRON | their/PRON
    obj | him/PRON | her/PRON | them/PRON | {person} | the/DET {agent} | {poss} {kin}
    us | me/PRON | us/PRON | you/PRON | me/PRON | us/PRON | you/PRON | {obj}
    person | {first} | {first} | {first} {last} | Mr./PROPN {last} | Mrs./PROPN {last}
    she | he/PRON | she/PRON | he/PRON | she/PRON | {person} | {person} | the/DET {agent} | {poss} {kin}
    she | {poss} {adj} {kin} | this/DET {agent} | that/DET {agent} | nobody/PRON | everyone/PRON | somebody/PRON
    she | {person} 's/PART {kin} | the/DET {adj} {agent} | one/NUM of/ADP the/DET {agents} | the/DET other/ADJ {agent}
    they | we/PRON | they/PRON | you/PRON | they/PRON | we/PRON | {poss} {kin_p} | the/DET {agents} | {person} and/CCONJ {person}
    they | {number} {agents} | many/ADJ {agents} | all/DET the/DET {agents} | some/DET {agents} | these/DET {agents} | both/DET {agents}
    who | I/PRON | {she} | {she} | {they}
    it | the/DET {thing} | {poss} {thing} | this/DET {thing} | that/DET {thing} | {person} 's/PART {thing} | the/DET {abstract}
    it | {poss} {kin} 's/PART {thing} | the/DET {adj_thing} {thing} | the/DET {thing} on/ADP the/DET table/NOUN | the/DET {nv} | {poss} {ness} | the/DET {ness} of/ADP {poss} {kin}
    place | in/ADP the/DET garden/NOUN | at/ADP the/DET station/NOUN | in/ADP {town} | near/ADP the/DET church/NOUN | at/ADP school/NOUN
    place | behind/ADP the/DET house/NOUN | on/ADP the/DET beach/NOUN | under/ADP the/DET trees/NOUN | outside/ADP the/DET museum/NOUN
    place | at/ADP home/NOUN | upstairs/ADV | there/ADV | here/ADV | outside/ADV | in/ADP the/DET {adj_thing} kitchen/NOUN
    help | help/VERB | see/VERB | follow/VERB | invite/VERB | warn/VERB | thank/VERB
    judged | strange/ADJ | wonderful/ADJ | acceptable/ADJ | lovely/ADJ | important/ADJ
    outing | walk/NOUN | run/NOUN | ride/NOUN | swim/NOUN | drive/NOUN
    hour | two/NUM | three/NUM | five/NUM | six/NUM | eight/NUM | ten/NUM
    days | Monday/PROPN | Tuesday/PROPN | Friday/PROPN | Saturday/PROPN | Sunday/PROPN
    month | May/PROPN | March/PROPN | June/PROPN | October/PROPN
"""

ADVERBIALS = """
    degree | very/ADV | too/ADV | quite/ADV | so/ADV | rather/ADV | really/ADV | not/PART | {ly_degree} | {ly_degree} | {ly_degree}
    often | often/ADV | always/ADV | never/ADV | usually/ADV | sometimes/ADV | still/ADV | also/ADV | {ly}
    how | {ly} | {ly} | well/ADV | fast/ADV | hard/ADV | together/ADV | very/ADV {ly} | with/ADP great/ADJ {ness} | without/ADP {ness} | like/ADP a/DET {agent}
    in_past | yesterday/NOUN | last/ADJ week/NOUN | this/DET morning/NOUN | on/ADP {days} | {number} days/NOUN ago/ADV
    in_past | before/ADP dinner/NOUN | after/ADP the/DET {nv} | in/ADP {month} | last/ADJ night/NOUN | {place} | {how} | {how} | at/ADP {hour} o'clock/ADV
    in_present | every/DET day/NOUN | on/ADP {days} | in/ADP the/DET evening/NOUN | {place} | {how} | {how} | before/ADP work/NOUN | all/DET day/NOUN
    in_future | tomorrow/NOUN | next/ADJ week/NOUN | on/ADP {days} | soon/ADV | tonight/NOUN | in/ADP {month} | later/ADV
"""

CLAUSES = """
    clause | {present} | {past} | {past} | {past} | {progressive} | {perfect} | {modal} | {denied} | {being} | {being} | {wishing} | {described} | {described}
    present | {she} {vp_third} {in_present} | {they} {vp_base} {in_present} | I/PRON {vp_base} {in_present} | {she} {often} {vp_third} | {they} {often} {vp_base} | {she} {nv_third} {in_present}
    past | {who} {vp_past} {in_past} | {who} {vp_past} | {who} {ly} {vp_past} | {who} {ly} {vp_past} | {who} {vp_past} and/CCONJ {vp_past} | {who} {nv_past} {in_past} | {who} had/VERB {a} {adj_thing} {thing} | {who} went/VERB for/ADP a/DET {adj_thing} {outing} | {who} {ly} {nv_past}
    progressive | I/PRON 'm/AUX {vp_ing} | {she} is/AUX {vp_ing} | {they} are/AUX {vp_ing} | she/PRON 's/AUX {vp_ing} | he/PRON was/AUX {vp_ing} | they/PRON were/AUX {vp_ing} | {she} is/AUX {ly} {vp_ing} | {she} is/AUX {often} {vp_ing} | we/PRON 're/AUX {vp_ing}
    perfect | {she} has/AUX {vp_part} | {they} have/AUX {vp_part} | I/PRON 've/AUX {vp_part} | he/PRON 's/AUX already/ADV {vp_part} | {she} has/AUX never/ADV {vp_part} | {she} has/AUX {ly} {vp_part} | {who} had/AUX {vp_part} | {she} has/VERB a/DET {adj_thing} {thing} | {they} have/VERB {number} {things}
    will | will/AUX | can/AUX | must/AUX | should/AUX | could/AUX | may/AUX | might/AUX | would/AUX
    modal | {who} {will} {vp_base} | {who} {will} not/PART {vp_base} | she/PRON 'll/AUX {vp_base} {in_future} | {who} {will} {nv_base} | {who} {will} {ly} {vp_base} | {who} will/AUX {vp_base} {in_future}
    denied | {she} does/AUX n't/PART {vp_base} | {they} do/AUX n't/PART {vp_base} | {who} did/AUX n't/PART {vp_base} {in_past} | {who} ca/AUX n't/PART {vp_base} | {who} wo/AUX n't/PART {nv_base} | {she} is/AUX n't/PART {vp_ing}
    being | {she} is/AUX {degree} {adj} | {she} was/AUX {degree} {adj} {in_past} | {they} are/AUX {degree} {adj} | I/PRON am/AUX {degree} {adj} | she/PRON 's/AUX a/DET {adj} {agent} | {person} is/AUX the/DET {superlative} of/ADP the/DET {agents} | {she} is/AUX {comparative} than/ADP {person} | {she} was/AUX as/ADV {adj} as/ADP {poss} {kin} | he/PRON is/AUX as/ADV {adj} as/SCONJ {person} was/AUX | {they} were/AUX {comparative} than/SCONJ we/PRON were/AUX | {she} is/AUX as/ADV {adj} as/ADP a/DET {agent} | {she} is/AUX in/ADP love/NOUN with/ADP {obj} | {she} is/AUX n't/PART {adj}
    wishing | {who} wanted/VERB to/PART {vp_base} | {who} tried/VERB to/PART {vp_base} | {she} needs/VERB to/PART {vp_base} | {she} has/VERB to/PART {vp_base} | {she} is/AUX going/VERB to/PART {vp_base} | {they} like/VERB to/PART {nv_base} | {who} forgot/VERB to/PART {nv_base} | {she} asked/VERB {us} to/PART {vp_base} | {she} will/AUX {help} {us} | {she} did/AUX n't/PART {help} {us} | {who} used/VERB to/PART {nv_base} | {they} have/VERB to/PART {nv_base} | {who} decided/VERB to/PART {vp_base} {in_future}
    described | {it} is/AUX {degree} {adj_thing} | {it} was/AUX {degree} {adj_thing} | there/PRON is/VERB a/DET {adj_thing} {thing} {place} | there/PRON are/VERB {number} {things} {place} | there/PRON 's/VERB no/DET {thing} {place} | {poss} {ness} surprised/VERB {us} | {who} admired/VERB the/DET {ness} of/ADP {person} | {who} hated/VERB {poss} {ness} | the/DET {abstract} was/AUX a/DET {adj_thing} surprise/NOUN | {ness} is/AUX n't/PART {ness} | {poss} {ness} is/AUX {adj_thing} | {it} looks/VERB {adj_thing} | {it} belongs/VERB to/ADP {us} | that/PRON is/AUX {poss} {thing} | this/PRON was/AUX the/DET {superlative_thing} {thing} of/ADP all/DET | the/DET {things} are/AUX more/ADV {adj_long} than/ADP the/DET {things}
"""

SENTENCES = """
    sentence | {clause} . | {clause} . | {clause} . | {clause} . | {clause} . | {clause} . | {clause} . | {clause} .
    sentence | {clause} , and/CCONJ {clause} . | {clause} , but/CCONJ {clause} . | {clause} because/SCONJ {clause} . | {clause} !
    sentence | if/SCONJ {present} , {modal} . | although/SCONJ {clause} , {clause} . | {modal} if/SCONJ {present} . | as/SCONJ {past} , {past} .
    sentence | {past} before/SCONJ {past} . | {past} after/SCONJ {past} . | {past} while/SCONJ {progressive} . | {perfect} since/SCONJ {past} . | {modal} until/SCONJ {present} .
    sentence | {who} knew/VERB that/SCONJ {clause} . | I/PRON think/VERB that/SCONJ {clause} . | {who} said/VERB that/SCONJ {clause} . | nobody/PRON knows/VERB whether/SCONJ {clause} . | it/PRON is/AUX {judged} that/SCONJ {clause} .
    sentence | the/DET {agent} who/PRON {vp_past} is/AUX {poss} {kin} . | the/DET {thing} that/PRON {who} bought/VERB is/AUX {adj_thing} . | {person} is/AUX the/DET {agent} that/PRON {vp_past} . | {who} saw/VERB the/DET {agents} who/PRON {vp_past} .
    sentence | do/AUX {they} {vp_base} ? | did/AUX {who} {vp_base} {in_past} ? | does/AUX {she} {vp_base} ? | is/AUX {she} {vp_ing} ? | are/AUX {they} {degree} {adj} ? | can/AUX {who} {nv_base} ? | have/AUX {they} {vp_part} ? | has/AUX {she} ever/ADV {vp_part} ?
    sentence | where/ADV did/AUX {who} {vp_base} ? | when/ADV will/AUX {who} {vp_base} ? | why/ADV is/AUX {she} so/ADV {adj} ? | how/ADV did/AUX {who} {nv_base} ? | what/PRON did/AUX {she} say/VERB to/ADP {us} ? | which/DET {thing} did/AUX {who} choose/VERB ? | what/DET {thing} does/AUX {she} want/VERB ? | who/PRON {vp_past} ? | whose/PRON {thing} is/AUX this/PRON ?
    sentence | please/INTJ {vp_base} ! | {vp_base} , please/INTJ . | do/AUX n't/PART {nv_base} ! | {nv_base} , {first} ! | let/VERB us/PRON {nv_base} . | {adj_verb_base} ! | never/ADV {vp_base} !
    sentence | yes/INTJ , {clause} . | no/INTJ , {clause} . | oh/INTJ , {clause} ! | well/INTJ , {clause} . | hello/INTJ , {person} ! | thanks/NOUN , {first} . | {person} , {who} {vp_past} .
    sentence | {poss} {nv} was/AUX {degree} {adj_thing} . | {poss} {nvs} are/AUX {adj_thing} . | {she} gave/VERB {us} a/DET {adj_thing} {nv} . | the/DET {nv} begins/VERB {place} . | {they} {nv_base} after/ADP the/DET {nv} . | {she} {nv_third} before/ADP {poss} {nv} . | every/DET {nv} is/AUX {adj_thing} . | {they} need/VERB a/DET {nv} . | {who} had/VERB a/DET {nv} {in_past} .
    sentence | {adj_verb_base} and/CCONJ {nv_base} ! | {who} wanted/VERB to/PART {adj_verb_base} . | {she} will/AUX {adj_verb_base} . | {who} found/VERB the/DET {adj_thing} {thing} . | the/DET {thing} is/AUX {adj_thing} and/CCONJ {adj_thing} .
    sentence | {person} speaks/VERB {language} {how} . | the/DET {nation} {agent} {vp_past} . | {who} met/VERB a/DET {nation} {agent} {place} . | {who} learned/VERB {language} in/ADP {town} . | {person} flew/VERB from/ADP {town} to/ADP {town} .
    sentence | {who} drank/VERB a/DET can/NOUN of/ADP beer/NOUN . | {she} has/VERB a/DET strong/ADJ will/NOUN . | {person} works/VERB as/ADP a/DET {agent} . | {they} look/VERB like/ADP {agents} . | {they} like/VERB {adj_thing} {things} . | {who} took/VERB the/DET first/ADJ train/NOUN to/ADP {town} . | {who} left/VERB {poss} {thing} on/ADP the/DET left/ADJ side/NOUN . | {who} came/VERB back/ADV despite/ADP the/DET {ness} . | {poss} back/NOUN hurts/VERB . | {she} is/AUX {number} years/NOUN old/ADJ . | the/DET {agents} did/VERB {poss} work/NOUN {ly} . | {she} does/VERB {poss} work/NOUN {how} .
    language | English/PROPN | French/PROPN | German/PROPN | Italian/PROPN
    nation | English/ADJ | French/ADJ | German/ADJ | Italian/ADJ | young/ADJ | Russian/ADJ
"""
