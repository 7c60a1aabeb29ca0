"""Sentence frames with names, and the names: PER, LOC and ORG of one to three tokens.

Titles and articles stand outside of an entity. Many names are of two kinds, so that the frame
decides: `Paris Martin`, `Washington`, `Keller`.
"""

# Given names and surnames that are places too, surnames that are firms too.
GIVEN_AND_PLACE = "Paris Austin Jordan Chelsea Florence Sydney Victoria Charlotte Georgia Madison Adelaide Carolina Troy Devon Logan Verona"
FAMILY_AND_PLACE = "Washington Lincoln Jackson Houston Hamilton London Berlin Wells Kingston Preston Lancaster Bradford Chester Wellington Nelson Sheffield Milan Lyon"
FAMILY_AND_FIRM = "Keller Marlow Brandt Novak Ashby Voss Castell Lindner Harlow Barnes"
GIVEN = """
    Lena Marta Rosa Ingrid Sven Pedro Diego Lucia Marco Elena Pavel Olga Yuki Kenji Amir Layla Omar Fatima Priya Arjun
    Chloe Louis Camille Andre Greta Otto Heidi Jonas Freya Lars Niamh Sean Bridget Liam Zoe Ethan Ava Noah Mia
"""
FAMILY = """
    Lopez Garcia Moreno Rossi Bianchi Ricci Schmidt Weber Wagner Dubois Moreau Laurent Jensen Larsen Nilsen Kowalski
    Ivanov Petrov Sato Tanaka Kimura Khan Patel Sharma Okafor Mensah Murphy Kelly Walsh Byrne Thompson Edwards Collins
    Harrison Whitman Ellis Grant Porter
"""
FIRMS = """
    Norvia Datex Solaro Medwell Agronet Velora Trionix Belcor BTK NRC VTS ILM
    Castora Mirelle Omnica Pelton Quantis Rovello Stanfor Tavira Umbrio Wexford Zentra Alpino DKM HPR QLS GTE
"""
COUNTRIES = """
    Canada Italy Spain Japan France Norway Brazil India Kenya Peru Chile Egypt Poland Ireland Korea Sweden
    Portugal Greece Turkey Morocco Ghana Mexico Cuba Finland Iceland Nepal
"""
CITIES = """
    Rome Madrid Dublin Vienna Prague Lisbon Athens Oslo Cairo Boston Chicago Geneva Naples Warsaw Brussels Dresden
    Porto Seville Bergen Turin Lima Toronto Munich Bristol Leeds Ghent Kyoto
    Malaga Valencia Granada Palermo Bologna Trieste Salzburg Zagreb Riga Tallinn Vilnius Krakow Gdansk Odessa Izmir
    Tunis Dakar Nairobi Mumbai Delhi Osaka Seoul Hanoi Manila Santiago Bogota Quito Havana Montreal Denver Seattle
"""

ENTITIES = """
    per | [PER {given} ] | [PER {given} ] | [PER {given} {family} ] | [PER {given} {family} ] | [PER {given} {family} ]
    per | [PER {given} {given} {family} ] | [PER {given} {initial} {family} ] | Mr. [PER {family} ] | Dr. [PER {family} ] | Mrs. [PER {family} ]
    loc | [LOC {city} ] | [LOC {city} ] | [LOC {city} ] | [LOC {city} ] | [LOC {country} ]
    loc | [LOC New {city} ] | [LOC Port {given} ] | [LOC San {given} ] | [LOC North {country} ] | [LOC {family} Island ]
    water | [LOC Lake {family} ] | [LOC Lake {given} ] | the [LOC {given} River ] | the [LOC {family} Sea ] | the [LOC Gulf of {country} ]
    spot | [LOC {family} Street ] | [LOC Mount {given} ] | [LOC {city} Airport ] | [LOC {given} Square ] | [LOC {family} Park ]
    org | [ORG {firm} ] | [ORG {firm} ] | [ORG {firm} ] | [ORG {family} {business} ] | [ORG {city} {business} ]
    org | [ORG {family} and Sons ] | [ORG {family} & {family} ] | the [ORG Bank of {country} ] | the [ORG {country} Bank ] | [ORG {given} {family} {business} ]
    school | [ORG {city} University ] | the [ORG University of {city} ] | [ORG {family} College ] | [ORG Saint {given} School ]
    team | [ORG {city} ] | [ORG {city} ] | [ORG {country} ] | [ORG {city} United ] | [ORG {city} Rovers ]
    business | Bank | Motors | Airlines | Foods | Press | Hotels | Steel | Energy | Records | Brothers
    initial | A. | B. | C. | F. | J. | M. | T.
"""

PLAIN = """
    job | teacher | painter | lawyer | nurse | baker | doctor | engineer | singer | farmer | journalist | king | judge
    kin | brother | sister | father | mother | uncle | aunt | cousin | neighbour | friend | boss
    own | my | your | his | her | our | their
    num | two | three | five | seven | ten | twelve | twenty | thirty | forty | ninety
    when | yesterday | last week | on Monday | on Friday | in May | in March | this morning | in 1998 | in 2015 | two years ago
    did | painted the house | sold the car | won the prize | wrote a long letter | told the truth | came back late | caught a cold | missed the train
    doing | is reading a book | is waiting outside | was very tired | plays the piano | likes green tea | has a new job | will come on Sunday | knows the answer
    adj | quiet | small | old | green | rich | famous | cold | modern
    ware | cars | books | shoes | machines | bread | flowers | computers | medicine
    said | said | thinks | believes | knows | told us | hopes
"""

FRAMES = """
    sentence | {per} {did} {when} . | {per} {doing} . | {per} {said} that {per} {doing} . | {own} {kin} {per} {doing} . | the {job} {per} {did} .
    sentence | {per} met {per} in {loc} {when} . | {own} {kin} married {per} {when} . | {per} , a {job} from {loc} , {did} . | have you seen {per} ? | did {per} call {own} {kin} ?
    sentence | {per} 's {kin} lives in {loc} . | {per} 's {kin} works for {org} . | dear {per} , thank you for the letter . | the letter was written by {per} . | according to {per} , the {job} {did} .
    sentence | {per} and {per} {did} {when} . | {per} was born in {loc} in 1954 . | hello , {per} ! | we invited {per} but not {per} . | {per} is {num} years old . | {per} looked at {per} .
    sentence | we flew from {loc} to {loc} {when} . | the streets of {loc} were {adj} . | it rained in {loc} {when} . | the train to {loc} leaves at {num} . | the weather in {loc} is better than in {loc} .
    sentence | {loc} is a {adj} town near {loc} . | the road between {loc} and {loc} was closed {when} . | {loc} has {num} thousand inhabitants . | have you ever been to {loc} ? | {own} {kin} lives in {loc} .
    sentence | she swam across {water} {when} . | the hotel stands near {water} . | {per} fished in {water} {when} . | they met at {spot} {when} . | {spot} is {adj} . | the house on {spot} belongs to {per} .
    sentence | the mayor of {loc} , {per} , {did} . | {per} travelled through {loc} {when} . | winters in {loc} are {adj} . | the {job} moved to {loc} {when} . | {loc} and {loc} are far away . | the map shows {loc} .
    sentence | {org} opened a factory in {loc} {when} . | shares of {org} fell by {num} percent . | {own} {kin} works for {org} . | {org} was founded by {per} . | {org} announced the results {when} .
    sentence | the director of {org} , {per} , resigned {when} . | {org} bought {org} for {num} million euros . | a spokesman for {org} {said} so . | {org} sells {ware} in {loc} . | {org} hired {per} {when} . | {per} left {org} after {num} years .
    sentence | {per} studied at {school} . | {school} hired {num} teachers {when} . | {per} teaches history at {school} in {loc} . | {team} beat {team} in the final . | {team} won the match against {team} {when} . | {per} plays for {team} . | {team} signed {per} {when} .
    sentence | {org} sued {org} {when} . | workers at {org} went on strike {when} . | {org} makes {ware} . | the {ware} of {org} are sold in {loc} . | {org} will close an office in {loc} . | {per} of {org} {did} .
    sentence | the {adj} bank was closed {when} . | the {job} rang the bell {num} times . | May is a {adj} month . | {own} {kin} {did} {when} . | the {job} {doing} . | English is not difficult . | will you come {when} ?
    sentence | the {kin} of the {job} {did} . | a {adj} fox crossed the street {when} . | {own} {kin} studied at a {adj} university . | the stone fell into the {adj} lake . | hope is important . | the {adj} airport was full {when} .
"""
