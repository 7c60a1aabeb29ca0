"""Words for the tagged English sentences, beside those of the bilingual lexicon."""

# Verbs as in the lexicon (`base past participle + particle`), and what they are done to: templates.
VERBS = """
    bake | {a} cake/NOUN, bread/NOUN, the/DET potatoes/NOUN
    climb | the/DET mountain/NOUN, {a} tree/NOUN, over/ADP the/DET wall/NOUN
    cross | the/DET street/NOUN, the/DET river/NOUN
    describe | the/DET picture/NOUN, {poss} {kin}
    deliver | the/DET letters/NOUN, {a} parcel/NOUN
    discuss | the/DET {abstract}, the/DET weather/NOUN
    enjoy | the/DET meal/NOUN, {poss} holiday/NOUN, the/DET {nv}
    explain | the/DET {abstract}, the/DET rules/NOUN to/ADP {obj}
    follow | {obj}, the/DET path/NOUN
    invite | {obj}, {poss} {kin_p}
    kick | the/DET ball/NOUN, the/DET door/NOUN
    push | the/DET cart/NOUN, {obj}
    pull | the/DET rope/NOUN, the/DET sledge/NOUN
    pick | some/DET flowers/NOUN, an/DET apple/NOUN
    polish | {poss} shoes/NOUN, the/DET silver/NOUN
    borrow | {poss} {thing}, some/DET money/NOUN from/ADP {obj}
    remember | {obj}, the/DET {abstract}
    repeat | the/DET question/NOUN, the/DET sentence/NOUN
    rent | {a} boat/NOUN, {a} cottage/NOUN by/ADP the/DET sea/NOUN
    ride rode ridden | {a} horse/NOUN, {poss} bicycle/NOUN to/ADP school/NOUN
    save | {poss} money/NOUN, {obj}
    shout | at/ADP {obj}, for/ADP help/NOUN
    whisper | to/ADP {obj}
    smile | at/ADP {obj}
    solve | the/DET problem/NOUN, {a} puzzle/NOUN
    steal stole stolen | {poss} {thing}, the/DET jewels/NOUN
    taste | the/DET soup/NOUN, the/DET sauce/NOUN
    teach taught | {obj}, mathematics/NOUN, {poss} {kin} to/PART swim/VERB
    thank | {obj}, {poss} {kin} for/ADP the/DET {ness}
    throw threw thrown | the/DET ball/NOUN, {a} stone/NOUN into/ADP the/DET water/NOUN
    translate | the/DET poem/NOUN, {a} letter/NOUN
    warn | {obj}, {poss} {kin} about/ADP the/DET storm/NOUN
    trust | {obj}, {poss} {kin}
    admire | {poss} {ness}, {obj}
    brush | {poss} hair/NOUN, {poss} teeth/NOUN
    collect | stamps/NOUN, old/ADJ coins/NOUN
    count | the/DET chairs/NOUN, {poss} money/NOUN
    lead led | the/DET {agents}, the/DET horse/NOUN to/ADP the/DET stable/NOUN
    wrap wrapped | {a} present/NOUN
    hide hid hidden | the/DET key/NOUN, behind/ADP the/DET curtain/NOUN
    shake shook shaken | the/DET bottle/NOUN, {poss} head/NOUN
    knock | at/ADP the/DET door/NOUN
    wander | through/ADP the/DET town/NOUN, along/ADP the/DET beach/NOUN
    argue | with/ADP {obj}, about/ADP the/DET {abstract}
    complain | about/ADP the/DET noise/NOUN, about/ADP {obj}
    depend | on/ADP {obj}
    dream | about/ADP {obj}, of/ADP {a} {adj_thing} house/NOUN
    wake woke woken + up | at/ADP seven/NUM, early/ADV
    give gave given + up | the/DET search/NOUN
    belong | to/ADP {obj}
    talk | to/ADP {obj}, about/ADP {poss} {kin}
    laugh | at/ADP {obj}
    live | in/ADP {a} {adj_thing} house/NOUN, near/ADP the/DET station/NOUN
    hurry | to/ADP school/NOUN, home/ADV
    believe | {obj}, in/ADP {poss} {ness}
    criticise | {poss} {ness}, {obj}
    interrupt | {obj}, the/DET {agent}
    feed fed | the/DET birds/NOUN, {poss} cat/NOUN
    break broke broken | {a} glass/NOUN, the/DET window/NOUN
    draw drew drawn | {a} picture/NOUN, {a} map/NOUN
    catch caught | {a} fish/NOUN, the/DET ball/NOUN, {a} cold/NOUN
    keep kept | {a} secret/NOUN, {poss} promise/NOUN
    walk | to/ADP the/DET station/NOUN, the/DET dog/NOUN
    work | for/ADP {obj}, until/ADP midnight/NOUN, as/ADP {a} {agent}
"""

# Words that are nouns and verbs: as a verb they take what follows.
NOUNS_AND_VERBS = """
    walk | home/ADV
    work | in/ADP {a} factory/NOUN
    book | {a} room/NOUN
    light lit | {a} fire/NOUN
    cook | {a} meal/NOUN
    watch | the/DET match/NOUN
    drink drank drunk | {a} glass/NOUN of/ADP water/NOUN
    answer | the/DET phone/NOUN
    dance | with/ADP {obj}
    play | in/ADP the/DET garden/NOUN
    visit | {obj}
    paint | the/DET kitchen/NOUN
    run ran run | through/ADP the/DET park/NOUN
    rest | in/ADP the/DET shade/NOUN
    call | {obj}
    help | {obj}
    water | the/DET plants/NOUN
    park | the/DET car/NOUN
    plant | {a} tree/NOUN
    phone | {obj}
    smile | at/ADP {obj}
    dream | of/ADP the/DET sea/NOUN
    study | at/ADP night/NOUN
    test | the/DET engine/NOUN
    shout | at/ADP {obj}
    ride rode ridden | {a} donkey/NOUN
    drive drove driven | to/ADP work/NOUN
    swim swam swum | in/ADP the/DET lake/NOUN
    train | the/DET dog/NOUN
    hope | for/ADP rain/NOUN
    question | {obj}
    face | the/DET truth/NOUN
    book | {a} flight/NOUN
    hand | {obj} the/DET salt/NOUN
    cross | the/DET bridge/NOUN
    dress | the/DET children/NOUN
"""

# Adjectives that are verbs too.
ADJECTIVES_AND_VERBS = """
    open | the/DET window/NOUN
    clean | the/DET kitchen/NOUN
    dry | the/DET dishes/NOUN
    empty | the/DET bottle/NOUN
    warm | the/DET soup/NOUN
    light lit | the/DET candles/NOUN
    cool | the/DET wine/NOUN
    slow | the/DET horse/NOUN down/ADP
"""

# Bases of adverbs in -ly and of nouns in -ness.
LY = """
    quick slow quiet loud polite nervous happy sad calm proud patient brave honest serious soft gentle
    secret sudden careful careless angry cheerful hungry lazy rude shy silent rapid eager warm cold
    bitter clear close correct kind glad smart strange sharp smooth tender wise wild bright bold
    neat fair firm foolish generous grave harsh humble immediate jealous mild noisy playful thoughtful
"""
LY_OF_DEGREE = "extreme terrible complete remarkable surprising unusual perfect slight absolute incredible fair awful"
NESS = """
    kind sad happy dark weak ill shy polite lazy selfish stubborn calm cheerful careless quick rude
    fresh sweet soft clean tired lonely foolish gentle great bitter bold bright empty nervous loud
    thoughtful friendly weary tidy fair firm helpful harsh mild sharp smooth cold eager forgetful
"""
AGENTS = """
    teacher baker singer dancer painter farmer gardener driver writer runner swimmer climber hunter
    fighter player worker leader owner printer sailor builder cleaner reporter traveller speaker
    manager photographer waiter lawyer cook guard guide student plumber butcher carpenter banker
    shopkeeper stranger prisoner joker thinker drummer jeweller weaver fisher dealer miner porter
    skater surfer doctor nurse pilot clerk artist actor judge poet monk queen king soldier priest
"""
ABSTRACT = """
    decision question explanation invitation situation tradition direction competition solution
    information conversation celebration operation payment movement treatment argument agreement
    improvement advertisement apartment disappointment punishment statement truth plan idea story
    answer news reason result price building meeting wedding painting
"""
ADJECTIVES_OF_PERSONS = """
    tall short young strong rich intelligent patient kind shy brave famous lazy funny poor serious
    honest polite careful generous stubborn curious strict calm weak selfish cheerful tired happy
    sick busy sad worried nervous jealous helpful thoughtful hopeful careless restless helpless
    fearless reliable lovable miserable friendly lonely lively clever talented bored excited wounded
    homeless thankful playful forgetful capable remarkable likeable sociable ruthless tactless
"""
ADJECTIVES_OF_THINGS = """
    new old big small red beautiful expensive white black interesting cold blue long green boring
    heavy quiet fast dirty grey modern difficult dark comfortable useful useless colourful
    peaceful harmless endless washable readable breakable acceptable enjoyable affordable valuable
    wonderful lovely ugly strange broken cheap round wooden worthless powerful priceless
    fashionable light open clean dry empty warm cool painless harmful portable
"""
FIRST = """
    Tom Mary Paul Julie Emma Lucas Anna Peter Laura Oliver Sofia Henry Alice Martin Nora Simon Clara Felix
    Rose Mark Grace Frank Ruth Leo Ida Hugo Vera Oscar Stella Victor Irene Walter Edith Bruno Agnes Carl
"""
LAST = """
    Green Brown Baker Hill Young Miller Cook Taylor Wood King Bell Fisher Stone Marsh Fox Harper Lane
    Hudson Palmer Sutton Barton Turner Mason Weaver Reed Shaw
"""
TOWNS = """
    Paris London Rome Madrid Berlin Lyon Dublin Vienna Prague Lisbon Athens Oslo Cairo Boston Chicago
    Geneva Milan Naples Warsaw Brussels Dresden Porto Seville Bergen Canada Italy Spain Japan France
    Norway Brazil India Kenya Peru Chile Egypt
"""
KIN = "brother sister father mother uncle aunt cousin grandmother grandfather neighbour friend boss son daughter wife husband"
THINGS = """
    book letter car house phone computer umbrella coat dress bag table chair key box suitcase knife
    bottle photo gift flower piano guitar dog cat horse bicycle hat lamp mirror blanket basket
    ladder hammer sweater helmet drawer cushion ring coin clock shelf carpet candle
"""
KIN_OF_MANY = "brother sister uncle aunt cousin neighbour friend daughter"
NUMBERS = "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty"
