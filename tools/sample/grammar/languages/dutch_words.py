"""Words of the Dutch grammar."""

# infinitive | ik | hij | participle; + before a participle: with zijn
VERBS = """
    werken | werk | werkt | gewerkt
    leren | leer | leert | geleerd
    bellen | bel | belt | gebeld
    praten | praat | praat | gepraat
    spreken | spreek | spreekt | gesproken
    kopen | koop | koopt | gekocht
    koken | kook | kookt | gekookt
    maken | maak | maakt | gemaakt
    poetsen | poets | poetst | gepoetst
    wassen | was | wast | gewassen
    luisteren | luister | luistert | geluisterd
    spelen | speel | speelt | gespeeld
    dansen | dans | danst | gedanst
    zwemmen | zwem | zwemt | gezwommen
    wandelen | wandel | wandelt | gewandeld
    reizen | reis | reist | gereisd
    wachten | wacht | wacht | gewacht
    zoeken | zoek | zoekt | gezocht
    bezoeken | bezoek | bezoekt | bezocht
    helpen | help | helpt | geholpen
    eten | eet | eet | gegeten
    drinken | drink | drinkt | gedronken
    verkopen | verkoop | verkoopt | verkocht
    lezen | lees | leest | gelezen
    schrijven | schrijf | schrijft | geschreven
    slapen | slaap | slaapt | geslapen
    kijken | kijk | kijkt | gekeken
    fietsen | fiets | fietst | gefietst
    repareren | repareer | repareert | gerepareerd
    bakken | bak | bakt | gebakken
    blijven | blijf | blijft | +gebleven
    zingen | zing | zingt | gezongen
    gaan | ga | gaat | +gegaan
"""

SUBJECTS = """
    ik | 0 | m
    jij | 1 | m
    hij | 2 | m
    zij | 2 | f
    wij | 3 | m
    jullie | 4 | m
    mijn broer | 2 | m
    mijn moeder | 2 | f
    mijn ouders | 5 | m
    de lerares | 2 | f
    de kinderen | 5 | m
    Sanne | 2 | f
    meneer De Vries | 2 | m
    mijn zussen | 5 | f
    je neef | 2 | m
    onze buurvrouw | 2 | f
    Pieter en Emma | 5 | m
"""

ACTIVITIES = """
    werken | op kantoor, in het ziekenhuis, hard, in de tuin
    leren | Nederlands, nieuwe woorden, voor het examen
    bellen | met de dokter, de buren
    praten | met de buren, heel zacht
    spreken | Engels, met de directeur
    kopen | brood, fruit op de markt, !een nieuw overhemd, !een auto, bloemen
    koken | soep, het avondeten, thuis
    maken | het ontbijt, huiswerk, !een foto, koffie
    poetsen | de keuken, de badkamer, de schoenen
    wassen | de auto, de kleren
    luisteren | naar muziek, naar de radio, naar het nieuws
    spelen | piano, gitaar, voetbal, met de hond
    dansen | op het feest, met vrienden, heel goed
    zwemmen | in het meer, in het zwembad, in zee
    wandelen | door het park, op het strand
    reizen | met de trein, met de bus, !alleen
    wachten | op de bus, voor de school, op oma
    zoeken | !de sleutels, !een nieuwe baan, !een huis, paddenstoelen in het bos
    bezoeken | opa en oma, !het museum, !de stad
    helpen | de buren, oma, in de keuken
    eten | een appel, vis, brood met kaas, in een restaurant, taart
    drinken | water, een glas melk, sinaasappelsap, thee
    verkopen | !het huis, !de oude auto, groente
    lezen | een boek, de krant, een roman, sprookjes
    schrijven | een brief, berichten, !een boek
    slapen | op de bank, tot tien uur, heel slecht
    kijken | naar een film, televisie, !naar een wedstrijd
    fietsen | in het park, door de stad
    repareren | !de fiets, !de lamp
    bakken | een taart, brood
    blijven | thuis, in bed
    zingen | een lied, in het koor
    gaan | met de hond naar het park, naar de bioscoop, te voet naar school
"""

QUALITIES = """
    groot aardig jong slim vriendelijk verlegen ijverig knap rijk arm rustig slank dapper sterk
    vrijgevig ernstig grappig beleefd
"""
STATES = "moe tevreden verdrietig ziek nieuwsgierig zenuwachtig alleen boos klaar gelukkig bezorgd"

PLACES = """
    thuis
    in de keuken
    in de tuin
    op straat
    in het park
    op het station
    op de markt
    in de auto
    voor het hotel
    naast het raam
    op school
    achter de kerk
    op het vliegveld
    op het strand
    naast de deur
"""

# singular | plural | gender (n: het; m: de) | kinds, as in Spanish
THINGS = """
    huis | huizen | n | b
    auto | auto's | m | v
    boek | boeken | n | ro
    kamer | kamers | m | b
    overhemd | overhemden | n | co
    hond | honden | m | ao
    tafel | tafels | m | t
    horloge | horloges | n | to
    fiets | fietsen | m | vo
    tuin | tuinen | m | b
    rok | rokken | m | clo
    jas | jassen | m | clo
    roman | romans | m | ro
    stoel | stoelen | m | to
    kat | katten | m | ao
    appel | appels | m | fo
    keuken | keukens | m | b
    jurk | jurken | m | clo
    peer | peren | m | fo
    lamp | lampen | m | to
    hoed | hoeden | m | co
    koffer | koffers | m | to
    paard | paarden | n | a
    boot | boten | m | v
    brief | brieven | m | ro
    fles | flessen | m | to
    bed | bedden | n | t
    kopje | kopjes | n | to
"""

# adjective | with its ending | comparative | kinds that it suits
THING_QUALITIES = """
    nieuw | nieuwe | nieuwer | cvrtb
    groot | grote | groter | bvta
    klein | kleine | kleiner | bvtaf
    oud | oude | ouder | cvtba
    duur | dure | duurder | cvrtf
    mooi | mooie | mooier | cbtva
    goedkoop | goedkope | goedkoper | cvrtf
    lang | lange | langer | lr
    kort | korte | korter | lr
    comfortabel | comfortabele | comfortabeler | cbv
    snel | snelle | sneller | va
    interessant | interessante | interessanter | r
    saai | saaie | saaier | r
    moeilijk | moeilijke | moeilijker | r
    zoet | zoete | zoeter | f
    zwaar | zware | zwaarder | t
    gezellig | gezellige | gezelliger | b
    rustig | rustige | rustiger | ba
"""
COLOURS = """
    rood | rode | | cvtf
    wit | witte | | cvtba
    zwart | zwarte | | cvta
    groen | groene | | cvtf
    blauw | blauwe | | cvt
    grijs | grijze | | cvta
    geel | gele | | cvtf
"""

LACKS = """
    honger
    tijd
    geld
    zin
    dorst
    haast
    auto
    broer
    zus
    koorts
    idee
    tuin
"""

PHRASES = """
    Goedemorgen, mevrouw!
    Goede nacht!
    Tot morgen!
    Dank je wel!
    Graag gedaan.
    Hoe gaat het met u?
    Hoe heet je?
    Ik heet Sanne.
    Waar kom je vandaan?
    Ik kom uit Nederland.
    Hoe oud ben je?
    Hoe laat is het?
    Wat voor weer is het vandaag?
    Hoeveel kost dit?
    Ik weet het niet.
    Ik begrijp er niets van.
    Wat een mooie dag!
    Gefeliciteerd met je verjaardag!
    Goede reis!
    Eet smakelijk!
    Schiet op, alsjeblieft!
    Doe de deur dicht!
    Doe het raam open, alsjeblieft!
    Kom hier!
    Wacht even!
    Pas op!
    Maak je geen zorgen!
    Ik heb erge honger.
    Ik heb een beetje dorst.
    Je hebt gelijk.
    Ik heb hoofdpijn.
    Mijn voeten doen pijn.
    Ik heb hulp nodig.
    De rekening, alstublieft.
    Een koffie met melk, alstublieft.
    Het spijt me erg.
    Wie is die man?
    Wie heeft er gebeld?
    Wat ben je aan het doen?
    Kunt u me helpen?
    Waar woon je?
    Ik woon in een kleine stad.
    Het is al erg laat.
    Het is nog vroeg.
    Ik hou van je.
    Ik ben het ermee eens.
    Je moet geduld hebben.
    Dat is geen probleem.
    Er is geen melk meer in de koelkast.
    De trein komt om acht uur aan.
    Het vliegtuig vertrekt om vijf uur.
    Morgen is het zondag.
    Vandaag is mijn verjaardag.
    Niemand neemt de telefoon op.
    Er klopt iemand op de deur.
    Dat is niet waar.
    Waarom huil je?
    Hou je van chocola?
    Ik vind oude films erg leuk.
    Ik hou niet van spinnen.
"""
