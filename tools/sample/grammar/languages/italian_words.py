"""Words of the Italian grammar."""

# infinitive | present | participle | first person of the future, where they are irregular;
# + before a participle: with essere
IRREGULAR = """
    essere | sono sei è siamo siete sono | +stato | sarò
    avere | ho hai ha abbiamo avete hanno | avuto | avrò
    volere | voglio vuoi vuole vogliamo volete vogliono | voluto | vorrò
    potere | posso puoi può possiamo potete possono | potuto | potrò
    dovere | devo devi deve dobbiamo dovete devono | dovuto | dovrò
    fare | faccio fai fa facciamo fate fanno | fatto | farò
    bere | bevo bevi beve beviamo bevete bevono | bevuto | berrò
    vedere | | visto | vedrò
    andare | vado vai va andiamo andate vanno | +andato | andrò
    uscire | esco esci esce usciamo uscite escono | +uscito |
    tornare | | +tornato |
    restare | | +restato |
    leggere | | letto |
    scrivere | | scritto |
    chiudere | | chiuso |
    aprire | | aperto |
    prendere | | preso |
    pulire | pulisco pulisci pulisce puliamo pulite puliscono | pulito |
"""

SUBJECTS = """
    - | 0 | m
    - | 1 | m
    - | 0 | f
    - | 3 | m
    lui | 2 | m
    lei | 2 | f
    - | 4 | m
    loro | 5 | m
    io | 0 | m
    tu | 1 | f
    noi | 3 | f
    voi | 4 | m
    mio fratello | 2 | m
    mia madre | 2 | f
    i miei genitori | 5 | m
    la professoressa | 2 | f
    i bambini | 5 | m
    Giulia | 2 | f
    il signor Rossi | 2 | m
    le mie sorelle | 5 | f
    tuo cugino | 2 | m
    la nostra vicina | 2 | f
    Marco e Chiara | 5 | m
"""

ACTIVITIES = """
    lavorare | in ufficio, in ospedale, molto, in giardino
    studiare | italiano, matematica, in biblioteca, per l'esame
    telefonare | ai nonni, al medico
    parlare | con i vicini, inglese, a bassa voce
    comprare | il pane, la frutta al mercato, !una camicia nuova, !una macchina, fiori
    cucinare | la cena, a casa, gli spaghetti
    preparare | la colazione, il pranzo, !la festa, il caffè
    pulire | la cucina, le finestre, il bagno
    lavare | i piatti, la macchina, i vestiti
    ascoltare | la musica, la radio, le notizie
    guardare | la televisione, !le foto, le stelle
    suonare | il pianoforte, la chitarra, il violino
    ballare | alla festa, con gli amici, molto bene
    nuotare | nel mare, in piscina, nel fiume
    camminare | nel parco, sulla spiaggia
    viaggiare | in treno, in autobus
    aspettare | l'autobus, la nonna, davanti alla scuola
    cercare | !le chiavi, !un lavoro nuovo, !un appartamento, funghi nel bosco
    visitare | !il museo, !la città
    aiutare | i vicini, la nonna, in cucina
    mangiare | una mela, il pesce, pane e formaggio, al ristorante, la pizza
    bere | acqua, un bicchiere di latte, una spremuta d'arancia, il tè
    imparare | parole nuove, !a guidare
    vendere | !la casa, !la vecchia macchina, la verdura
    leggere | un libro, il giornale, un romanzo, le favole
    scrivere | una lettera, messaggi, !un libro
    aprire | la finestra, !la porta, il negozio alle nove
    chiudere | !la porta, la finestra, il negozio alle otto
    giocare | a calcio, a scacchi, con il cane, a carte
    dormire | sul divano, fino alle dieci, male
    fare | la spesa, i compiti, il letto, una passeggiata
    vedere | un film, gli amici, !una partita di calcio
    prendere | il treno, un caffè al bar, l'ombrello
    andare | al cinema, a scuola a piedi, dal medico
    uscire | di casa alle sette, con il cane
    tornare | a casa alle sei, tardi dal lavoro
    restare | a casa, a letto
"""

# masculine (feminine if other) and plurals: m f mp fp
QUALITIES = """
    alto alta alti alte
    simpatico simpatica simpatici simpatiche
    giovane giovane giovani giovani
    intelligente intelligente intelligenti intelligenti
    gentile gentile gentili gentili
    timido timida timidi timide
    ricco ricca ricchi ricche
    povero povera poveri povere
    tranquillo tranquilla tranquilli tranquille
    magro magra magri magre
    coraggioso coraggiosa coraggiosi coraggiose
    forte forte forti forti
    generoso generosa generosi generose
    serio seria seri serie
    divertente divertente divertenti divertenti
    pigro pigra pigri pigre
"""
STATES = """
    stanco stanca stanchi stanche
    contento contenta contenti contente
    triste triste tristi tristi
    malato malata malati malate
    occupato occupata occupati occupate
    nervoso nervosa nervosi nervose
    solo sola soli sole
    preoccupato preoccupata preoccupati preoccupate
    arrabbiato arrabbiata arrabbiati arrabbiate
    pronto pronta pronti pronte
    felice felice felici felici
"""

PLACES = """
    a casa
    in cucina
    in giardino
    per strada
    nel parco
    alla stazione
    al mercato
    in macchina
    davanti all'albergo
    vicino alla finestra
    a scuola
    dietro la chiesa
    all'aeroporto
    sulla spiaggia
    accanto alla porta
"""

# singular | plural | gender | kinds, as in Spanish
THINGS = """
    casa | case | f | b
    macchina | macchine | f | v
    libro | libri | m | ro
    camera | camere | f | b
    camicia | camicie | f | co
    cane | cani | m | ao
    tavolo | tavoli | m | t
    orologio | orologi | m | to
    bicicletta | biciclette | f | vo
    giardino | giardini | m | b
    gonna | gonne | f | clo
    cappotto | cappotti | m | clo
    romanzo | romanzi | m | ro
    sedia | sedie | f | to
    gatto | gatti | m | ao
    mela | mele | f | fo
    cucina | cucine | f | b
    vestito | vestiti | m | clo
    appartamento | appartamenti | m | b
    arancia | arance | f | fo
    lampada | lampade | f | to
    cappello | cappelli | m | co
    zaino | zaini | m | to
    cavallo | cavalli | m | a
    barca | barche | f | v
    lettera | lettere | f | ro
    giacca | giacche | f | co
    bottiglia | bottiglie | f | to
    specchio | specchi | m | to
"""

# four forms | kinds that they suit
THING_QUALITIES = """
    nuovo nuova nuovi nuove | cvrtb
    grande grande grandi grandi | bvtaf
    piccolo piccola piccoli piccole | bvtaf
    vecchio vecchia vecchi vecchie | cvtba
    caro cara cari care | cvrtf
    economico economica economici economiche | cvrt
    lungo lunga lunghi lunghe | lr
    corto corta corti corte | lr
    comodo comoda comodi comode | cbv
    veloce veloce veloci veloci | va
    interessante interessante interessanti interessanti | r
    noioso noiosa noiosi noiose | r
    difficile difficile difficili difficili | r
    dolce dolce dolci dolci | f
    moderno moderna moderni moderne | bvt
    pesante pesante pesanti pesanti | t
    elegante elegante eleganti eleganti | ct
    tranquillo tranquilla tranquilli tranquille | ba
"""
COLOURS = """
    rosso rossa rossi rosse | cvtf
    bianco bianca bianchi bianche | cvtba
    nero nera neri nere | cvta
    verde verde verdi verdi | cvtf
    blu blu blu blu | cvt
    giallo gialla gialli gialle | cvtf
    azzurro azzurra azzurri azzurre | cvt
"""

PHRASES = """
    Buongiorno, signora!
    Buona notte!
    A domani!
    Molte grazie!
    Di niente.
    Come sta, signore?
    Come ti chiami?
    Mi chiamo Giulia.
    Di dove sei?
    Vengo dall'Italia.
    Quanti anni hai?
    Che ore sono?
    Che tempo fa?
    Quanto costa questo?
    Non lo so.
    Non capisco niente.
    Che bella giornata!
    Che caldo fa oggi!
    Buon compleanno!
    Buon viaggio!
    Buon appetito!
    Sbrigati, per favore!
    Chiudi la porta!
    Apri la finestra, per favore!
    Vieni qui!
    Aspetta un momento!
    Stai attento!
    Non ti preoccupare!
    Ho molta fame.
    Ho un po' di sete.
    Ho sonno.
    Non ho tempo.
    Non ho soldi.
    Hai ragione.
    Ho mal di testa.
    Mi fanno male i piedi.
    Ho bisogno di aiuto.
    Il conto, per favore.
    Un caffè con latte, per favore.
    Mi dispiace molto.
    Chi è quell'uomo?
    Chi ha telefonato?
    Che cosa stai facendo?
    Mi può aiutare?
    Dove abiti?
    Abito in una piccola città.
    È già molto tardi.
    È ancora presto.
    Ti voglio bene.
    Sono d'accordo.
    Bisogna avere pazienza.
    Non c'è nessun problema.
    Non c'è più latte nel frigorifero.
    Il treno arriva alle otto.
    L'aereo parte alle cinque.
    Domani è domenica.
    Oggi è il mio compleanno.
    Nessuno risponde al telefono.
    Qualcuno bussa alla porta.
    Non è vero.
    Perché piangi?
    Ti piace il cioccolato?
    Adoro i vecchi film.
    Non mi piacciono i ragni.
"""
