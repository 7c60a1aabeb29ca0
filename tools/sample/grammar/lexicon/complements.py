"""What people are too tired to do, proud of, afraid of. Cells of `complement` entries."""

from grammar.table import rows

# too or enough | adjective | French | to do what
EXTENTS = rows("""
    too | young | jeune | die = mourir, travel alone = voyager seul, understand = comprendre
    too | tired | fatigué | work = travailler, go out = sortir, dance = danser, drive = conduire
    too | old | vieux vieille | dance = danser, die = mourir, run = courir, drive = conduire
    too | sick | malade | work = travailler, get/g up/g = se/g lever/g, travel = voyager
    too | shy | timide | sing = chanter, dance = danser, answer = répondre
    too | busy | occupé | help the children = aider les enfants, rest = se reposer, travel = voyager
    too | short | petit | open the window = ouvrir la fenêtre, wear this coat = porter ce manteau
    too | poor | pauvre | travel = voyager, buy a car = acheter une voiture
    too | lazy | paresseux paresseuse | work = travailler, cook = cuisiner
    too | weak | faible | get/g up/g = se/g lever/g, walk = marcher
    too | nervous | nerveux nerveuse | sleep = dormir, drive = conduire, eat = manger
    too | proud | fier fière | ask/a for/f help/h = demander/a de/f le/f aide/h, cry = pleurer
    too | honest | honnête | lie = mentir
    too | serious | sérieux sérieuse | joke = plaisanter, laugh = rire
    enough | strong | fort | carry this suitcase = porter cette valise, win = gagner
    enough | rich | riche | buy this house = acheter cette maison, live in Paris = vivre à Paris
    enough | old | âgé | drive = conduire, understand = comprendre, travel alone = voyager seul
    enough | intelligent | intelligent | understand = comprendre, find a job = trouver un emploi
    enough | brave | courageux courageuse | tell the truth = dire la vérité
    enough | honest | honnête | admit/a it/i = le/i reconnaître/a, tell the truth = dire la vérité
    enough | patient | patient | wait = attendre
    enough | tall | grand | see the stage = voir la scène, open the window = ouvrir la fenêtre
    enough | serious | sérieux sérieuse | do this work = faire ce travail
""")

# adjective | French | preposition | French | what
FEELINGS = rows("""
    proud | fier fière | of | de | own daughter = sa fille, own son = son fils
    happy | content | to | de | see/s you/y = vous/y voir/s, see/s you/y again/s = te/y revoir/s
    glad | content | to | de | be here = être ici, see/s you/y again/s = vous/y revoir/s
    ready | prêt | to | à | leave = partir, die = mourir
    ready | prêt | to | à | help/h you/y = vous/y aider/h, start = commencer
    ready | prêt | for | pour | the trip = le voyage, the exam = le examen, the party = la fête
    jealous | jaloux jalouse | of | de | own brother = son frère, own sister = sa sœur
    worried | inquiet inquiète | about | pour | own son = son fils, the future = le avenir
    in love | amoureux amoureuse | with | de | own neighbour = son voisin, a pianist = un pianiste
    tired | fatigué | of | de | waiting = attendre, working = travailler, walking = marcher
    happy | content | with | de | own life = sa vie, own new/n car/c = sa nouvelle/n voiture/c
    used | habitué | to | à | travelling alone = voyager seul, the cold = le froid
    capable | capable | of | de | lying = mentir, doing this work = faire ce travail
    sure | sûr | of | de | own answer = sa réponse, winning = gagner, the date = la date
    satisfied | satisfait | with | de | own work = son travail, the result = le résultat
    interested | intéressé | in | par | music/m = la/m musique/m, history/h = le/h histoire/h
    surprised | surpris surprise | by | par | this answer = cette réponse, own success = son succès
    surprised | surpris surprise | to | de | see/s you/y = vous/y voir/s, win = gagner
    sorry | désolé | to | de | bother/b you/y = vous/y déranger/b
    sorry | désolé | to | de | be/b late/l = être/b en/l retard/l
    sorry | désolé | for | pour | the noise = le bruit, own mistake = son erreur
    proud | fier fière | of | de | own country = son pays, own garden = son jardin
""")

# What people are afraid of.
FEARS = rows("""
    dogs/d | les/d chiens/d
    death/d | la/d mort/d
    the dark | le obscurité
    spiders/s | les/s araignées/s
    the future | le avenir
    storms/s | les/s orages/s
    snakes/s | les/s serpents/s
    the water | le eau
    ghosts/g | les/g fantômes/g
    the cold | le froid
    mice/m | les/m souris/m
    fire/f | le/f feu/f
    thieves/t | les/t voleurs/t
    the night | la nuit
    own boss | son patron
    the truth | la vérité
    wolves/w | les/w loups/w
""")

# Infinitive, gerund, French infinitive.
DREADS = rows("""
    die | dying | mourir
    lose | losing | perdre
    fall | falling | tomber
    fail | failing | échouer
    tell the truth | telling the truth | dire la vérité
    be alone | being alone | être seul
    travel alone | travelling alone | voyager seul
    make/f a mistake | making/f a mistake | faire/f une erreur
    swim in the sea | swimming in the sea | nager dans la mer
    lose own job | losing own job | perdre son emploi
    get/v old/v | getting/v old/v | vieillir/v
    speak in/p public/p | speaking in/p public/p | parler en/p public/p
    miss the train | missing the train | manquer le train
    drive at/n night/n | driving at/n night/n | conduire la/n nuit/n
    forget | forgetting | oublier
    sing in front/f of/o Emma | singing in front/f of/o Emma | chanter devant/f,o Emma
""")

# English adjective | French noun of `avoir` | degrees: b of the body, r of reason, n neither
AVOIR = rows("""
    cold | froid | b
    hungry | faim | b
    right | raison | r
    thirsty | soif | b
    wrong | tort | r
    hot | chaud | b
    sleepy | sommeil | b
    afraid | peur | n
    lucky/l | de/l la/l chance/l | n
    ashamed | honte | n
""")
