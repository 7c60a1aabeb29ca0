"""Words of the German grammar."""

# infinitive | du | er | participle, where they are irregular; + before a participle: with sein
IRREGULAR = """
    lesen | liest | liest | gelesen
    essen | isst | isst | gegessen
    sehen | siehst | sieht | gesehen
    fahren | fährst | fährt | +gefahren
    schlafen | schläfst | schläft | geschlafen
    helfen | hilfst | hilft | geholfen
    sprechen | sprichst | spricht | gesprochen
    treffen | triffst | trifft | getroffen
    laufen | läufst | läuft | +gelaufen
    waschen | wäschst | wäscht | gewaschen
    backen | backst | backt | gebacken
    trinken | | | getrunken
    schreiben | | | geschrieben
    singen | | | gesungen
    schwimmen | | | +geschwommen
    gehen | | | +gegangen
    verkaufen | | | verkauft
    besuchen | | | besucht
    putzen | putzt | putzt | geputzt
    tanzen | tanzt | tanzt | getanzt
    telefonieren | | | telefoniert
    reparieren | | | repariert
    öffnen | öffnest | öffnet | geöffnet
    bleiben | | | +geblieben
"""

SUBJECTS = """
    ich | 0 | m
    du | 1 | m
    er | 2 | m
    sie | 2 | f
    wir | 3 | m
    ihr | 4 | m
    Sie | 5 | m
    mein Bruder | 2 | m
    meine Mutter | 2 | f
    meine Eltern | 5 | m
    die Lehrerin | 2 | f
    die Kinder | 5 | m
    Anna | 2 | f
    Herr Schmidt | 2 | m
    meine Schwestern | 5 | f
    dein Vetter | 2 | m
    unsere Nachbarin | 2 | f
    Lukas und Marie | 5 | m
"""

ACTIVITIES = """
    arbeiten | im Büro, im Krankenhaus, viel, im Garten
    lernen | Deutsch, neue Wörter, für die Prüfung, in der Bibliothek
    telefonieren | mit den Nachbarn, mit dem Arzt
    sprechen | Englisch, mit den Nachbarn, sehr leise
    kaufen | Brot, Obst auf dem Markt, !ein neues Hemd, !ein Auto, Blumen
    kochen | das Abendessen, Nudeln, zu Hause, eine Gemüsesuppe
    machen | das Frühstück, die Hausaufgaben, das Bett, Kaffee
    putzen | die Küche, die Fenster, das Badezimmer
    waschen | das Auto, die Wäsche
    hören | Musik, Radio, die Nachrichten
    spielen | Klavier, Gitarre, Fußball, Karten, mit dem Hund
    tanzen | auf dem Fest, mit den Freunden, sehr gut
    schwimmen | im See, im Schwimmbad, im Fluss
    laufen | durch den Park, zum Bahnhof
    fahren | mit dem Zug, mit dem Bus in die Stadt, !ins Ausland
    warten | auf den Bus, vor der Schule, auf die Großmutter
    suchen | !die Schlüssel, !eine neue Arbeit, !eine Wohnung, Pilze im Wald
    besuchen | die Großeltern, !das Museum, !die Stadt
    helfen | den Nachbarn, der Großmutter, in der Küche
    essen | einen Apfel, Fisch, Brot mit Käse, im Restaurant, Kuchen
    trinken | Wasser, ein Glas Milch, Orangensaft, Tee
    verkaufen | !das Haus, !das alte Auto, Gemüse
    lesen | ein Buch, die Zeitung, einen Roman, Märchen
    schreiben | einen Brief, Nachrichten, !ein Buch
    öffnen | das Fenster, !die Tür, das Geschäft um neun Uhr
    schlafen | auf dem Sofa, bis zehn Uhr, sehr schlecht
    sehen | einen Film, die Nachbarn, !ein Fußballspiel
    gehen | mit dem Hund in den Park, ins Kino, zu Fuß zur Schule
    reparieren | !das Fahrrad, !die Lampe
    backen | einen Kuchen, Brot
    bleiben | zu Hause, im Bett
    treffen | !den Lehrer, die Freunde im Café
    singen | ein Lied, im Chor
"""

QUALITIES = """
    groß nett jung intelligent freundlich schüchtern fleißig hübsch reich arm ruhig schlank mutig
    stark großzügig ernst lustig höflich
"""
STATES = "müde zufrieden traurig krank beschäftigt nervös allein wütend fertig glücklich durstig hungrig"

PLACES = """
    zu Hause
    in der Küche
    im Garten
    auf der Straße
    im Park
    am Bahnhof
    auf dem Markt
    im Auto
    vor dem Hotel
    neben dem Fenster
    in der Schule
    hinter der Kirche
    am Flughafen
    am Strand
    neben der Tür
"""

# nominative singular | plural | gender | kinds, as in Spanish
THINGS = """
    Haus | Häuser | n | b
    Auto | Autos | n | v
    Buch | Bücher | n | ro
    Zimmer | Zimmer | n | b
    Hemd | Hemden | n | co
    Hund | Hunde | m | ao
    Tisch | Tische | m | t
    Uhr | Uhren | f | to
    Fahrrad | Fahrräder | n | vo
    Garten | Gärten | m | b
    Rock | Röcke | m | clo
    Mantel | Mäntel | m | clo
    Roman | Romane | m | ro
    Stuhl | Stühle | m | to
    Katze | Katzen | f | ao
    Apfel | Äpfel | m | fo
    Küche | Küchen | f | b
    Kleid | Kleider | n | clo
    Wohnung | Wohnungen | f | b
    Birne | Birnen | f | fo
    Lampe | Lampen | f | to
    Hut | Hüte | m | co
    Koffer | Koffer | m | to
    Pferd | Pferde | n | a
    Boot | Boote | n | v
    Brief | Briefe | m | ro
    Jacke | Jacken | f | co
    Flasche | Flaschen | f | to
"""

# adjective | its stem before endings | comparative | kinds that it suits
THING_QUALITIES = """
    neu | neu | neuer | cvrtb
    groß | groß | größer | bvta
    klein | klein | kleiner | bvtaf
    alt | alt | älter | cvtba
    teuer | teur | teurer | cvrtf
    schön | schön | schöner | cbtva
    billig | billig | billiger | cvrtf
    lang | lang | länger | lr
    kurz | kurz | kürzer | lr
    bequem | bequem | bequemer | cbv
    schnell | schnell | schneller | va
    interessant | interessant | interessanter | r
    langweilig | langweilig | langweiliger | r
    schwierig | schwierig | schwieriger | r
    süß | süß | süßer | f
    modern | modern | moderner | bvt
    schwer | schwer | schwerer | t
    gemütlich | gemütlich | gemütlicher | b
    ruhig | ruhig | ruhiger | ba
"""
COLOURS = """
    rot | rot | | cvtf
    weiß | weiß | | cvtba
    schwarz | schwarz | | cvta
    grün | grün | | cvtf
    blau | blau | | cvt
    grau | grau | | cvta
    gelb | gelb | | cvtf
"""

# noun in the accusative with kein
LACKS = """
    keinen Hunger
    keine Zeit
    kein Geld
    keine Lust
    keinen Durst
    keine Angst
    kein Auto
    keinen Bruder
    keine Schwester
    kein Fieber
    keine Ahnung
    keinen Garten
"""

PHRASES = """
    Guten Morgen!
    Gute Nacht!
    Bis morgen!
    Vielen Dank!
    Gern geschehen.
    Wie geht es Ihnen?
    Wie heißt du?
    Ich heiße Anna.
    Woher kommst du?
    Ich komme aus Deutschland.
    Wie alt bist du?
    Wie spät ist es?
    Wie ist das Wetter heute?
    Wie viel kostet das?
    Ich weiß es nicht.
    Ich verstehe nichts.
    Was für ein schöner Tag!
    Alles Gute zum Geburtstag!
    Gute Reise!
    Guten Appetit!
    Beeil dich, bitte!
    Mach die Tür zu!
    Mach bitte das Fenster auf!
    Komm her!
    Warte einen Augenblick!
    Pass auf!
    Mach dir keine Sorgen!
    Ich habe großen Hunger.
    Ich habe ein bisschen Durst.
    Du hast recht.
    Mein Kopf tut weh.
    Mir tun die Füße weh.
    Ich brauche Hilfe.
    Die Rechnung, bitte.
    Einen Kaffee mit Milch, bitte.
    Es tut mir sehr leid.
    Wer ist dieser Mann?
    Wer hat angerufen?
    Was machst du gerade?
    Können Sie mir helfen?
    Wo wohnst du?
    Ich wohne in einer kleinen Stadt.
    Es ist schon sehr spät.
    Es ist noch früh.
    Ich liebe dich.
    Ich bin einverstanden.
    Man muss Geduld haben.
    Das ist kein Problem.
    Es gibt keine Milch mehr im Kühlschrank.
    Der Zug kommt um acht Uhr an.
    Das Flugzeug fliegt um fünf Uhr ab.
    Morgen ist Sonntag.
    Heute ist mein Geburtstag.
    Niemand geht ans Telefon.
    Jemand klopft an die Tür.
    Das ist nicht wahr.
    Warum weinst du?
    Magst du Schokolade?
    Alte Filme gefallen mir sehr.
    Ich mag keine Spinnen.
"""
